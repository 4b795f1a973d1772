import TestSupport
import Testing

@testable import S3Protocol

@Suite("Searching bytes")
struct SpanSearchTests {
    @Test("the first of one or two bytes is found, wherever it stands", arguments: [UInt64(1), 2])
    func firstIndex(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Neighbours of the bytes that are looked for are what a search eight bytes at a time can mistake for them.
        let alphabets: [[UInt8]] = [Array("<;=".utf8), Array("<&%'".utf8), [0x3C, 0xBC, 0x26, 0xA6, 0, 0xFF], [0x61]]
        for length in 0...40 {
            for _ in 0..<40 {
                let alphabet = random.pick(alphabets)
                let bytes = (0..<length).map { _ in random.chance(oneIn: 6) ? random.pick(alphabet) : UInt8(0x61) }
                for start in 0...length {
                    let one = bytes[start...].firstIndex(of: 0x3C) ?? length
                    let either = bytes[start...].firstIndex { $0 == 0x3C || $0 == 0x26 } ?? length
                    #expect(bytes.span.firstIndex(of: 0x3C, from: start) == one, "\(bytes) from \(start)")
                    #expect(bytes.span.firstIndex(of: 0x3C, or: 0x26, from: start) == either, "\(bytes) from \(start)")
                }
            }
        }
    }

    @Test("every byte value is found, and taken for no other")
    func everyValue() {
        for wanted in UInt8.min...UInt8.max {
            let others = (UInt8.min...UInt8.max).filter { $0 != wanted }
            #expect(others.span.firstIndex(of: wanted, from: 0) == others.count)
            for place in [0, 3, 7, 8, 100, 255] {
                var bytes = others
                bytes.insert(wanted, at: place)
                #expect(bytes.span.firstIndex(of: wanted, from: 0) == place)
            }
        }
    }

    @Test("bytes are the same when every one of them is")
    func equality() {
        func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
            let (left, right) = (left.span, right.span)
            return left.equals(right)
        }
        for length in 0...40 {
            let bytes = (0..<length).map { UInt8($0) }
            #expect(areEqual(bytes, bytes))
            #expect(!areEqual(bytes, bytes + [0]) && !areEqual(bytes + [0], bytes))
            for place in 0..<length {
                var other = bytes
                other[place] ^= 0x80
                #expect(!areEqual(bytes, other), "\(length) bytes that differ at \(place)")
            }
        }
    }
}
