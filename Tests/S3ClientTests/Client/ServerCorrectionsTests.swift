import S3Protocol
import Testing

@testable import S3Client

@Suite("What servers teach a client")
struct ServerCorrectionsTests {
    private let now = UTCTime(secondsSinceEpoch: 1_800_000_000)
    private let bucket: BucketName
    private var corrections = ServerCorrections()

    init() throws {
        bucket = try BucketName("bucket")
    }

    private func skewed(by seconds: Int) -> S3ResponseError {
        var error = S3ResponseError(operation: .copyObject, status: 403, code: "RequestTimeTooSkewed")
        error.serverTime = UTCTime(secondsSinceEpoch: now.secondsSinceEpoch + seconds)
        return error
    }

    private func sent(region: String = "us-east-1", clockOffset: Duration = .zero) -> ServerCorrections.Assumptions {
        ServerCorrections.Assumptions(region: region, clockOffset: clockOffset)
    }

    @Test("every request that was signed with the wrong time is sent again, and it is told once")
    mutating func clock() {
        let first = corrections.learn(from: skewed(by: 3600), bucket: bucket, sent: sent(), now: now)
        #expect(first?.wrong == .clock)
        #expect(first?.notice == .clockCorrected(by: .seconds(3600)))
        #expect(corrections.clockOffset == .seconds(3600))
        let second = corrections.learn(from: skewed(by: 3601), bucket: bucket, sent: sent(), now: now)
        #expect(second?.wrong == .clock, "it was under way when the first was answered")
        #expect(second?.notice == nil)
        #expect(corrections.clockOffset == .seconds(3600))
    }

    @Test("a request that was signed for the server's time and refused all the same is not sent again")
    mutating func clockInVain() {
        let used = sent(clockOffset: .seconds(3600))
        #expect(corrections.learn(from: skewed(by: 3600), bucket: bucket, sent: used, now: now) == nil)
        #expect(corrections.learn(from: skewed(by: 3630), bucket: bucket, sent: used, now: now) == nil)
        #expect(corrections.clockOffset == .zero)
    }

    @Test("a region is learnt for its bucket, and told once")
    mutating func region() {
        let error = S3ResponseError(
            operation: .listObjectsV2,
            status: 301,
            code: "PermanentRedirect",
            region: "eu-west-1"
        )
        let first = corrections.learn(from: error, bucket: bucket, sent: sent(), now: now)
        #expect(first?.wrong == .region)
        #expect(first?.notice == .regionCorrected(bucket, from: "us-east-1", to: "eu-west-1"))
        #expect(corrections.region(of: bucket) == "eu-west-1")
        let second = corrections.learn(from: error, bucket: bucket, sent: sent(), now: now)
        #expect(second?.wrong == .region)
        #expect(second?.notice == nil)
        #expect(corrections.learn(from: error, bucket: bucket, sent: sent(region: "eu-west-1"), now: now) == nil)
    }

    @Test("what cannot be a region, or comes with another error, teaches nothing", arguments: ["a\r\nb: c", "", "a/b"])
    mutating func noRegion(region: String) {
        var error = S3ResponseError(operation: .copyObject, status: 400, code: "BadRequest", region: region)
        #expect(corrections.learn(from: error, bucket: bucket, sent: sent(), now: now) == nil)
        error.region = "eu-west-1"
        error.code = "NoSuchKey"
        #expect(corrections.learn(from: error, bucket: bucket, sent: sent(), now: now) == nil)
        #expect(corrections.region(of: bucket) == nil)
    }
}
