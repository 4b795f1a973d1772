import Testing

@testable import Brigade

@Suite("Seams between ranges")
struct RangeSeamsTests {
    private let seam: [UInt8] = [0x6D]

    @Test("both sides name the same key, in either order, and nothing is kept")
    func fits() {
        for next: RangeSeams.Next in [.key([0x6E]), .end] {
            var seams = RangeSeams()
            #expect(seams.ended(at: seam, start: [0x61], listed: [0x61], next: next) == nil)
            #expect(seams.count == 1)
            #expect(seams.began(at: seam, next: next) == nil)
            #expect(seams.began(at: seam, next: next) == nil)
            #expect(seams.count == 1)
            #expect(seams.ended(at: seam, start: [0x61], listed: [0x61], next: next) == nil)
            #expect(seams.count == 0)
        }
    }

    @Test("sides that name different keys are a gap, which knows where to ask")
    func gaps() {
        for (below, above): (RangeSeams.Next, RangeSeams.Next) in [
            (.key([0x6E]), .key([0x6F])), (.key([0x6F]), .key([0x6E])), (.key([0x6E]), .end), (.end, .key([0x6E])),
        ] {
            let gap = { (start: [UInt8]) in
                RangeSeams.Gap(start: start, seam: seam, listed: start, below: below, above: above)
            }
            var seams = RangeSeams()
            #expect(seams.ended(at: seam, start: [0x61], listed: [0x61], next: below) == nil)
            #expect(seams.began(at: seam, next: above) == gap([0x61]))
            #expect(seams.began(at: seam, next: above) == nil)
            #expect(seams.ended(at: seam, start: [0x62], listed: [0x62], next: below) == gap([0x62]))
            #expect(seams.count == 0)
        }
    }

    @Test("a page that ends at the seam says nothing")
    func unknown() {
        var seams = RangeSeams()
        #expect(seams.ended(at: seam, start: seam, listed: seam, next: .unknown) == nil)
        #expect(seams.began(at: seam, next: .key([0x7A])) == nil)
        #expect(seams.count == 0)
    }

    @Test("what one side told is known until the other is compared")
    func told() {
        var seams = RangeSeams()
        #expect(seams.told(above: seam) == nil && seams.told(below: seam) == nil)
        _ = seams.began(at: seam, next: .end)
        #expect(seams.told(above: seam) == .end && seams.told(below: seam) == nil)
        _ = seams.ended(at: seam, start: [0x61], listed: [0x61], next: .end)
        #expect(seams.told(above: seam) == nil && seams.told(below: seam) == nil)
        _ = seams.ended(at: seam, start: [0x61], listed: [0x61], next: .key([0x6E]))
        #expect(seams.told(below: seam) == .key([0x6E]))
    }

    @Test("a page leaves out what lies below its first key, and the end leaves out every key")
    func leavesOut() {
        let key = RangeSeams.Next.key([0x6E])
        #expect(RangeSeams.Next.end.leavesOut(key))
        #expect(RangeSeams.Next.key([0x6F]).leavesOut(key))
        #expect(!key.leavesOut(key) && !RangeSeams.Next.key([0x6D]).leavesOut(key))
        #expect(!RangeSeams.Next.unknown.leavesOut(key))
        for other: RangeSeams.Next? in [nil, .end, .unknown] { #expect(!key.leavesOut(other)) }
    }

    @Test("only a key that came and went between two equal answers is a contradiction")
    func survey() {
        let answers: [RangeSeams.Next] = [.key([1]), .key([2]), .key([3]), .end]
        for (before, between, after) in [(0, 0, 0), (0, 1, 2), (0, 0, 1), (2, 1, 0), (0, 3, 3), (3, 3, 3)] {
            let survey = SeamSurvey(before: answers[before], between: answers[between], after: answers[after])
            #expect(!survey.isContradiction)
        }
        for (before, between) in [(0, 1), (0, 3), (1, 0), (3, 0)] {
            let survey = SeamSurvey(before: answers[before], between: answers[between], after: answers[before])
            #expect(survey.isContradiction)
        }
        #expect(SeamSurvey(before: .unknown, between: answers[0], after: .unknown).isContradiction)
    }
}
