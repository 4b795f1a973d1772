import TestSupport
import Testing

@testable import S3Protocol

@Suite("Moments")
struct UTCTimeTests {
    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(in month: Int, of year: Int) -> Int {
        [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// The reference counts days one after the other; it cannot be fast, and hardly wrong.
    @Test("every day of the years 0 to 9999 is the one after the day before it")
    func everyDay() {
        var expected = -719_528
        var wrong = 0
        for year in 0...9999 {
            for month in 1...12 {
                for day in 1...Self.days(in: month, of: year) {
                    let time = UTCTime(year: year, month: month, day: day, hour: 23, minute: 59, second: 58)
                    if time?.daysSinceEpoch != expected { wrong += 1 }
                    if let parts = time?.calendar, (parts.year, parts.month, parts.day) != (year, month, day) {
                        wrong += 1
                    }
                    expected += 1
                }
            }
        }
        #expect(wrong == 0)
        #expect(expected == 2_932_897, "the day after 9999-12-31")
    }

    @Test("every day has 86,400 seconds, before the epoch too")
    func timeOfDay() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<5_000 {
            let seconds = random.number(-62_167_219_200...253_402_300_799)
            let parts = UTCTime(secondsSinceEpoch: seconds).calendar
            let again = UTCTime(
                year: parts.year,
                month: parts.month,
                day: parts.day,
                hour: parts.hour,
                minute: parts.minute,
                second: parts.second
            )
            #expect(again?.secondsSinceEpoch == seconds)
        }
        #expect(UTCTime(secondsSinceEpoch: -1).daysSinceEpoch == -1)
        #expect(UTCTime(secondsSinceEpoch: -86_400).daysSinceEpoch == -1)
        #expect(UTCTime(secondsSinceEpoch: 86_399).daysSinceEpoch == 0)
    }

    @Test(
        "parts out of their range are no moment",
        arguments: [
            [10_000, 1, 1, 0, 0, 0], [-1, 1, 1, 0, 0, 0], [2024, 0, 1, 0, 0, 0], [2024, 13, 1, 0, 0, 0],
            [2024, 1, 0, 0, 0, 0], [2024, 1, 32, 0, 0, 0], [2023, 2, 29, 0, 0, 0], [1900, 2, 29, 0, 0, 0],
            [2024, 4, 31, 0, 0, 0], [2024, 1, 1, 24, 0, 0], [2024, 1, 1, 0, 60, 0], [2024, 1, 1, 0, 0, 61],
        ]
    )
    func outOfRange(parts: [Int]) {
        let time = UTCTime(
            year: parts[0],
            month: parts[1],
            day: parts[2],
            hour: parts[3],
            minute: parts[4],
            second: parts[5]
        )
        #expect(time == nil)
    }

    @Test("the form of x-amz-date")
    func basicFormat() {
        func text(_ seconds: Int) -> String {
            String(decoding: UTCTime(secondsSinceEpoch: seconds).basicFormat, as: UTF8.self)
        }
        #expect(text(1_369_353_600) == "20130524T000000Z")
        #expect(text(0) == "19700101T000000Z")
        #expect(text(951_782_399) == "20000228T235959Z")
        #expect(text(951_782_400) == "20000229T000000Z")
        #expect(text(-62_167_219_200) == "00000101T000000Z")
    }

    private func listed(_ text: String) -> Int? {
        UTCTime(rfc3339: text.utf8.span)?.secondsSinceEpoch
    }

    @Test("the form of listings, with a fraction or without")
    func rfc3339() {
        #expect(listed("2009-10-12T17:50:30.000Z") == 1_255_369_830)
        #expect(listed("2009-10-12T17:50:30Z") == 1_255_369_830)
        #expect(listed("2009-10-12T17:50:30.123456789Z") == 1_255_369_830)
        #expect(listed("1969-12-31T23:59:59Z") == -1)
        #expect(
            listed("2016-12-31T23:59:60Z") == listed("2016-12-31T23:59:59Z"),
            "a leap second has no second of its own"
        )
    }

    @Test(
        "other texts are no moment of a listing",
        arguments: [
            "", "Z", "2009-10-12", "2009-10-12T17:50:30", "2009-10-12T17:50:30+01:00", "2009-10-12 17:50:30Z",
            "2009-10-12T17:50:30.Z", "2009-10-12T17:50:30.xZ", "2009-10-12T17:50:300Z", "2009-10-12T17.50:30Z",
            "2009/10/12T17:50:30Z", "2009-02-30T17:50:30Z", "2009-13-12T17:50:30Z", "+009-10-12T17:50:30Z",
            "2009-10-12T17:50:30.000", "2009-10-12T17:50:3Z0000",
        ]
    )
    func notRFC3339(text: String) {
        #expect(listed(text) == nil)
    }

    @Test("a listing's form that is cut off anywhere is none")
    func truncated() {
        let text = "2009-10-12T17:50:30.000Z"
        for length in 0..<text.count { #expect(listed(String(text.prefix(length))) == nil) }
    }

    @Test("the form of HTTP's Date")
    func httpDate() {
        #expect(UTCTime(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")?.secondsSinceEpoch == 784_111_777)
        #expect(UTCTime(httpDate: "Fri, 24 May 2013 00:00:00 GMT")?.secondsSinceEpoch == 1_369_353_600)
        for text in [
            "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 08:49:37:00 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 19940 08:49:37 GMT",
        ] {
            #expect(UTCTime(httpDate: text) == nil, "\(text)")
        }
    }

    @Test("moments are ordered, and move by whole seconds")
    func arithmetic() {
        let time = UTCTime(secondsSinceEpoch: 100)
        #expect(time.advanced(by: .seconds(5)).secondsSinceEpoch == 105)
        #expect(time.advanced(by: .seconds(-200)).secondsSinceEpoch == -100)
        #expect(time.advanced(by: .milliseconds(1_999)).secondsSinceEpoch == 101)
        #expect(time < time.advanced(by: .seconds(1)))
    }
}
