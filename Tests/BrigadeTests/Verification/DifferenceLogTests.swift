import S3Protocol
import Synchronization
import Testing

@testable import Brigade

@Suite("differences that wait for the end of a comparison")
struct DifferenceLogTests {
    private func all(_ log: DifferenceLog) async throws -> [Difference] {
        let found = Mutex<[Difference]>([])
        try await log.forEach { difference in found.withLock { $0.append(difference) } }
        return found.withLock { $0 }
    }

    @Test("come back as they were, however many")
    func roundTrip() async throws {
        let log = DifferenceLog(folder: "/var/tmp")
        #expect(try await all(log).isEmpty)
        var expected: [Difference] = []
        // Long keys, so that some records lie across the pieces that are read, and a file is needed.
        for number in 0..<4000 {
            let key = ObjectKey("\(number)/" + String(repeating: "k", count: number % 1010))
            expected.append(
                [
                    Difference.missing(key, size: number), .size(key, source: number, destination: .max),
                    .etag(key, size: 0), .extra(key, size: number),
                ][number % 4]
            )
        }
        for start in stride(from: 0, to: expected.count, by: 100) {
            try await log.append(Array(expected[start..<start + 100]))
        }
        #expect(try await all(log) == expected)
        #expect(try await all(log) == expected, "and again")
        await log.clear()
        #expect(try await all(log).isEmpty)
        try await log.append(Array(expected.prefix(3)))
        #expect(try await all(log) == Array(expected.prefix(3)))
    }
}
