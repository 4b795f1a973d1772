import S3Protocol
import Testing

@testable import Brigade

@Suite("Listings that go in a circle")
struct CycleDetectorTests {
    /// How many pages of a listing are looked at until a circle is noticed; `nil` if none is within the limit.
    private func pagesUntilNoticed(before: Int, circle: Int, limit: Int = 10_000) -> Int? {
        var detector = CycleDetector()
        for page in 0..<limit {
            let number = page < before ? page : before + (page - before) % circle
            if detector.sees(ObjectKey("first key of page \(number)")) { return page + 1 }
        }
        return nil
    }

    @Test("a circle is noticed, however long it is and whatever comes before it", arguments: [1, 2, 3, 7, 64, 100])
    func circles(circle: Int) {
        for before in [0, 1, 2, 5, 31, 200] {
            let pages = pagesUntilNoticed(before: before, circle: circle)
            #expect(pages != nil, "\(before) pages, then a circle of \(circle)")
            #expect(pages.map { $0 <= 3 * (before + circle) + 1 } == true, "noticed after \(pages ?? 0) pages")
        }
    }

    @Test("pages that each begin with another key are no circle")
    func noCircle() {
        #expect(pagesUntilNoticed(before: 5000, circle: 1, limit: 5000) == nil)
    }
}
