import TestSupport
import Testing

@testable import Keyspace

@Suite struct UTF8RepairTests {
    @Test(
        arguments: [
            ([0x61, 0xC3, 0xA9], [0x61, 0xC3, 0xA9]),
            ([0x61, 0xC3], [0x61, 0xC3, 0x80]),
            ([0xE0], [0xE0, 0xA0, 0x80]),
            ([0xE0, 0x90], [0xE0, 0xA0, 0x80]),
            ([0xED, 0xA0, 0x80], [0xED, 0x9F, 0xBF]),
            ([0xF4, 0x90], [0xF4, 0x8F, 0xBF, 0xBF]),
            ([0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x80]),
            ([0x61, 0x80, 0x62], [0x61]),
            ([0x61, 0xFF], [0x61]),
            ([0xC3, 0x41], [0xC3, 0x80]),
            ([], []),
        ] as [([UInt8], [UInt8])]
    )
    func theNearestValidBytes(bytes: [UInt8], expected: [UInt8]) {
        #expect(UTF8Repair.repaired(bytes) == expected)
    }

    @Test func randomBytesBecomeValid() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<10_000 {
            let bytes = (0..<generator.number(0...6)).map { _ in UInt8(generator.number(0...255)) }
            #expect(String(validating: UTF8Repair.repaired(bytes), as: UTF8.self) != nil)
            if String(validating: bytes, as: UTF8.self) != nil { #expect(UTF8Repair.repaired(bytes) == bytes) }
        }
    }
}
