import S3Protocol
import Testing

@testable import Brigade

@Suite("Jobs and locations")
struct CopyJobTests {
    private func message(_ job: CopyJob) -> String? {
        do throws(BrigadeError) {
            try job.validate()
            return nil
        } catch {
            #expect(error.code == .invalidJob)
            return error.message
        }
    }

    private func job(_ source: String, _ destination: String) throws -> CopyJob {
        CopyJob(from: try ObjectLocation(source), to: try ObjectLocation(destination))
    }

    @Test("two buckets, or prefixes that keep clear of each other, are a job")
    func valid() throws {
        #expect(message(try job("s3://source", "s3://destination")) == nil)
        #expect(message(try job("s3://source/a/", "s3://destination/a/")) == nil)
        #expect(message(try job("s3://bucket/a/", "s3://bucket/b/")) == nil)
        #expect(message(try job("s3://bucket/a/", "s3://bucket/a-copy/")) == nil)
    }

    @Test("one place is no job")
    func samePlace() throws {
        #expect(message(try job("s3://bucket/a", "s3://bucket/a"))?.contains("are the same: s3://bucket/a;") == true)
        #expect(message(try job("s3://bucket", "s3://bucket/"))?.contains("are the same") == true)
    }

    @Test("places of which one holds the other are no job", arguments: [("", "backup/"), ("a/", ""), ("a", "a-copy/")])
    func overlap(source: String, destination: String) throws {
        let text = message(try job("s3://bucket/\(source)", "s3://bucket/\(destination)"))
        #expect(text?.contains("overlap") == true)
        #expect(text?.contains("s3://bucket/\(source)") == true)
    }

    @Test("the concurrency has bounds, both included")
    func concurrency() throws {
        var job = try job("s3://source", "s3://destination")
        for allowed in [1, 256, 65_536] {
            job.concurrency = allowed
            #expect(message(job) == nil)
        }
        for refused in [Int.min, 0, 65_537] {
            job.concurrency = refused
            #expect(message(job)?.contains("not \(refused)") == true)
        }
    }

    @Test("a location is a bucket and the bytes behind the slash, with nothing decoded")
    func location() throws {
        func prefix(_ text: String) throws -> String {
            String(decoding: try ObjectLocation(text).prefix, as: UTF8.self)
        }
        #expect(try prefix("s3://bucket") == "")
        #expect(try prefix("s3://bucket/") == "")
        #expect(try prefix("s3://bucket/a/b") == "a/b")
        #expect(try prefix("s3://bucket//a//") == "/a//")
        #expect(try prefix("s3://bucket/a%20b+c?d#e") == "a%20b+c?d#e")
        #expect(try ObjectLocation("s3://bucket/e\u{301}").prefix == Array("e\u{301}".utf8))
        #expect(try ObjectLocation("s3://bucket/\u{E9}").prefix == Array("\u{E9}".utf8), "nothing is normalised")
        #expect(try ObjectLocation("s3://bucket/a/").description == "s3://bucket/a/")
        #expect(try ObjectLocation("s3://bucket").bucket.description == "bucket")
    }

    @Test(
        "what is no location says how to write one",
        arguments: [
            ("bucket", "write s3://BUCKET"), ("", "write s3://BUCKET"), ("S3://bucket", "write s3://BUCKET"),
            ("https://bucket", "write s3://BUCKET"), ("s3:/bucket", "write s3://BUCKET"),
            ("s3://", "not a valid bucket name"), ("s3:///key", "not a valid bucket name"),
            ("s3://b_/key", "not a valid bucket name"), ("s3://büche/key", "not a valid bucket name"),
        ]
    )
    func badLocation(text: String, reason: String) {
        do throws(BrigadeError) {
            _ = try ObjectLocation(text)
            Issue.record("'\(text)' was taken")
        } catch {
            #expect(error.code == .invalidJob)
            #expect(error.message.contains(reason))
        }
    }

    @Test("a prefix that no key can have is refused")
    func longPrefix() throws {
        let longest = String(repeating: "k", count: ObjectKey.maximumLength)
        #expect(try ObjectLocation("s3://bucket/\(longest)").prefix.count == 1_024)
        #expect(throws: BrigadeError.self) { try ObjectLocation("s3://bucket/\(longest)k") }
    }
}
