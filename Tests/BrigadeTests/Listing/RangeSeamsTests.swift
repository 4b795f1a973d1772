import Testing

@testable import Brigade

@Suite("Seams between ranges")
struct RangeSeamsTests {
    private let seam: [UInt8] = [0x6D]

    @Test("both sides name the same key, in either order, and nothing is kept")
    func fits() {
        for next: RangeSeams.Next in [.key([0x6E]), .end] {
            var seams = RangeSeams()
            #expect(seams.ended(at: seam, last: [0x61], next: next) == nil)
            #expect(seams.count == 1)
            #expect(seams.began(at: seam, next: next) == nil)
            #expect(seams.began(at: seam, next: next) == nil)
            #expect(seams.count == 1)
            #expect(seams.ended(at: seam, last: [0x61], next: next) == nil)
            #expect(seams.count == 0)
        }
    }

    @Test("sides that name different keys are a gap, which knows where to ask")
    func gaps() {
        for (below, above): (RangeSeams.Next, RangeSeams.Next) in [
            (.key([0x6E]), .key([0x6F])), (.key([0x6F]), .key([0x6E])), (.key([0x6E]), .end), (.end, .key([0x6E])),
        ] {
            var seams = RangeSeams()
            #expect(seams.ended(at: seam, last: [0x61], next: below) == nil)
            #expect(seams.began(at: seam, next: above) == .init(last: [0x61], seam: seam))
            #expect(seams.began(at: seam, next: above) == nil)
            #expect(seams.ended(at: seam, last: [0x62], next: below) == .init(last: [0x62], seam: seam))
            #expect(seams.count == 0)
        }
    }

    @Test("a page that ends at the seam says nothing")
    func unknown() {
        var seams = RangeSeams()
        #expect(seams.ended(at: seam, last: seam, next: .unknown) == nil)
        #expect(seams.began(at: seam, next: .key([0x7A])) == nil)
        #expect(seams.count == 0)
    }
}
