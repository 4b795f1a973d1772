import Foundation
import Testing

@testable import BrigadeCommands

@Suite("a file of hints")
struct HintFileTests {
    private func keys(_ content: [UInt8]) throws -> [[UInt8]] {
        let file = FileManager.default.temporaryDirectory.appending(path: "hints-\(UUID().uuidString)")
        try Data(content).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try HintFile(path: file.path()).keys
    }

    @Test("its lines are keys, byte for byte")
    func lines() throws {
        #expect(try keys([]) == [])
        #expect(try keys(Array("a b\nc\t\r\n\n\nd".utf8)) == ["a b", "c\t\r", "d"].map { Array($0.utf8) })
        #expect(try keys([0xFF, 0x0A, 0x00, 0x0A]) == [[0xFF], [0x00]])
    }

    @Test("of a big one, keys at equal distances are kept", arguments: [8191, 8192, 8193, 100_000])
    func sample(count: Int) throws {
        let all = (0..<count).map { Array("folder/\(1_000_000 + $0)".utf8) }
        let kept = try keys(Array(all.joined(separator: [0x0A])))
        #expect(kept.count <= HintFile.mostKeys && kept.count >= min(count, HintFile.mostKeys / 2))
        let distance = (count + kept.count - 1) / kept.count
        #expect(distance & (distance - 1) == 0)
        let isEverySo = kept == stride(from: 0, to: count, by: distance).map { all[$0] }
        #expect(isEverySo)
    }

    @Test("what is no file of keys is told")
    func wrong() throws {
        let line = [UInt8](repeating: 0x61, count: 1024)
        #expect(try keys(line + [0x0A] + line) == [line, line])
        for content in [line + [0x61], [0x62, 0x0A] + line + [0x61, 0x0A], [UInt8](repeating: 0, count: 1 << 20)] {
            let error = #expect(throws: CommandFailure.self) { try keys(content) }
            let number = content.contains(0x0A) ? 2 : 1
            #expect(error?.message?.hasPrefix("line \(number) of the hints in '") == true)
        }
        let error = #expect(throws: CommandFailure.self) { try HintFile(path: "/not/there") }
        #expect(error?.message == "the hints in '/not/there' cannot be read: No such file or directory")
        #expect(throws: CommandFailure.self) { try HintFile(path: "/") }
    }
}
