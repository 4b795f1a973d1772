import Foundation
import TestSupport
import Testing

@testable import Brigade

@Suite("The spool that puts a listing in order")
struct OrderedSpoolTests {
    private let folder = FileManager.default.temporaryDirectory.path()

    /// Texts of random bytes, of different lengths, some empty.
    private func texts(_ parts: SpoolParts, generator: inout SeededGenerator) -> [[UInt8]] {
        parts.lengths.map { length in
            (0..<length * generator.number(1...40)).map { _ in UInt8(generator.number(0...255)) }
        }
    }

    @Test(
        "every byte comes out once and in order, from memory and from a file",
        arguments: 1...12,
        [0, 3_000, 1 << 20]
    )
    func everyByteOnce(seed: Int, memoryLimit: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let parts = SpoolParts(count: generator.number(2...300), generator: &generator)
        let texts = texts(parts, generator: &generator)
        var spool = OrderedSpool(folder: folder, memoryLimit: memoryLimit)
        var output: [UInt8] = []
        var most = 0
        for part in parts.shuffled(generator: &generator) {
            let range = parts.ranges[part]
            try spool.put(texts[part], after: range.after, through: range.through) { text in
                #expect(!text.isEmpty, "seed \(seed)")
                output += text
            }
            most = max(most, spool.highestWaitingBytes)
        }
        #expect(output == texts.flatMap { $0 }, "seed \(seed)")
        let waits = spool.isWaiting
        #expect(!waits, "seed \(seed)")
        #expect(most <= output.count + 16 * texts.count, "seed \(seed)")
    }

    @Test("room is used again once nothing waits")
    func reuse() throws {
        var spool = OrderedSpool(folder: folder, memoryLimit: 100)
        var output: [UInt8] = []
        for round in UInt8(0)..<50 {
            let text = [UInt8](repeating: round, count: 200)
            try spool.put(text, after: [round, 9], through: [round + 1]) { output += $0 }
            let waits = spool.isWaiting
            #expect(waits)
            try spool.put([], after: round == 0 ? [] : [round], through: [round, 9]) { output += $0 }
            let stillWaits = spool.isWaiting
            #expect(!stillWaits)
        }
        #expect(output == (UInt8(0)..<50).flatMap { [UInt8](repeating: $0, count: 200) })
        let most = spool.highestWaitingBytes
        #expect(most == 216)
    }

    @Test("the temporary file is in the folder named, leaves no name there, and is needed only beyond the memory")
    func temporaryFile() throws {
        let own = "\(folder)/spool-\(UUID().uuidString)"
        let nowhere = "\(own)/not-there"
        var small = OrderedSpool(folder: nowhere, memoryLimit: 1000)
        try small.put(Array(repeating: 1, count: 984), after: [5], through: nil) { _ in }
        let error = #expect(throws: BrigadeError.self) {
            try small.put([1], after: [3], through: [4]) { _ in }
        }
        #expect(error?.code == .spoolFailed)
        #expect(error?.message.contains("the temporary file in \(nowhere), ") == true)
        #expect(error?.message.contains("No such file or directory") == true)
        #expect(error?.message.contains("--temporary-directory") == true)
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: own) }
        var large = OrderedSpool(folder: own, memoryLimit: 0)
        try large.put([1], after: [3], through: [4]) { _ in }
        #expect(try FileManager.default.contentsOfDirectory(atPath: own).isEmpty)
        let waits = large.isWaiting
        #expect(waits)
    }

    @Test("batches that hold the same keys are an error, and nothing of them comes out")
    func overlap() throws {
        var spool = OrderedSpool(folder: folder)
        var output: [UInt8] = []
        try spool.put([1], after: [], through: [5]) { output += $0 }
        let error = #expect(throws: BrigadeError.self) { try spool.put([2], after: [4], through: nil) { output += $0 } }
        #expect(error?.code == .listingFailed)
        #expect(output == [1])
    }
}
