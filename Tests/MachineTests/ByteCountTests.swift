import Foundation
import Machine
import Testing

@Suite("Amounts of bytes")
struct ByteCountTests {
    @Test(
        "the largest unit that is reached, cut to one decimal",
        arguments: [
            (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1 KiB"), (1025, "1.0 KiB"), (1536, "1.5 KiB"),
            (8_388_608, "8 MiB"), (1_048_575, "1023.9 KiB"), (25_276_502_016, "23.5 GiB"), (1 << 60, "1 EiB"),
            (.max, "15.9 EiB"),
        ] as [(UInt64, String)]
    )
    func description(bytes: UInt64, text: String) {
        #expect(ByteCount(bytes: bytes).description == text)
    }

    @Test("kibibytes that do not fit are none")
    func kibibytes() {
        #expect(ByteCount(kibibytes: 4) == ByteCount(bytes: 4096))
        #expect(ByteCount(kibibytes: .max / 1024) != nil)
        #expect(ByteCount(kibibytes: .max / 1024 + 1) == nil)
    }

    @Test("in JSON it is a bare number")
    func coding() throws {
        let amount = [ByteCount(bytes: 5)]
        #expect(String(decoding: try JSONEncoder().encode(amount), as: UTF8.self) == "[5]")
        #expect(try JSONDecoder().decode([ByteCount].self, from: Data("[5]".utf8)) == amount)
        #expect(ByteCount(bytes: 1) < ByteCount(bytes: 2))
    }
}
