import Testing

@testable import LocalS3

@Suite struct TimestampTests {
    @Test func writesAndReadsItsForms() throws {
        let moment = try #require(Timestamp(basic: "20130524T000000Z"))
        #expect(moment.milliseconds == 1_369_353_600_000)
        #expect(moment.iso8601 == "2013-05-24T00:00:00.000Z")
        #expect(moment.http == "Fri, 24 May 2013 00:00:00 GMT")
        #expect(moment.basic == "20130524T000000Z")
        #expect(Timestamp(http: moment.http) == moment)
    }

    @Test(arguments: [0, 951_782_400_000, 1_709_164_800_000, 4_102_444_799_000, -1000])
    func readsWhatItWrites(milliseconds: Int64) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(Timestamp(http: moment.http) == moment)
        #expect(Timestamp(basic: moment.basic) == moment)
    }

    @Test(arguments: ["", "20130524T000000", "20131324T000000Z", "20130524 000000Z", "2013-05-24T00:00:00Z"])
    func refusesOtherText(text: String) {
        #expect(Timestamp(basic: text) == nil)
        #expect(Timestamp(http: text) == nil)
    }
}
