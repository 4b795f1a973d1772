import Foundation
import LocalS3
import ServerTestSupport
import Testing

@Suite("brigade copy", .serialized)
struct CopyCommandTests {
    @Test("copies a bucket, and says so in three lines")
    func text() async throws {
        try await Bench.run(objects: 1234) { bench in
            let outcome = try await bench.copy()
            #expect(outcome.status == 0)
            #expect(outcome.remarks.isEmpty)
            let plan = try #require(outcome.errorLines.first { $0.hasPrefix("brigade: plan: ") })
            #expect(plan.hasPrefix("brigade: plan: 256 copies at a time"))
            #expect(plan.contains("260 connections"))
            #expect(outcome.outputLines.count == 3)
            #expect(outcome.output.contains("Copied 1,234 objects (12.1 KiB) in "))
            #expect(outcome.output.contains("Listed 1,234, skipped 0, failed 0."))
            #expect(try bench.server.objects(in: "destination") == bench.server.objects(in: "source"))
        }
    }

    @Test("the last line of JSON agrees with what the server saw")
    func json() async throws {
        try await Bench.run(objects: 2500) { bench in
            let outcome = try await bench.copy("s3://source", "s3://destination/new/", "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome.remarks.isEmpty)
            #expect(outcome.outputLines.count == 1)
            let summary = try Summary(outcome)
            #expect(summary.event == "summary")
            #expect(summary.source == "s3://source/" && summary.destination == "s3://destination/new/")
            #expect(summary.complete && summary.listingComplete && !summary.interrupted && !summary.dryRun)
            #expect(summary.error == nil)
            #expect(summary.objects == .init(listed: 2500, copied: 2500))
            #expect(summary.bytes == .init(listed: 25_000, copied: 25_000))
            #expect(summary.retried == 0)
            #expect(summary.requests == bench.server.statistics.requests)
            #expect(summary.requests == ["ListObjectsV2": 5, "CopyObject": 2500])
            // Fetchers share connections with the copies, and have four beside.
            #expect((1...260).contains(summary.highestConcurrency))
            #expect(summary.seconds > 0)
            #expect(try bench.keys(in: "destination") == bench.keys(in: "source").map { "new/" + $0 })
        }
    }

    @Test("--concurrency is what it says")
    func concurrency() async throws {
        try await Bench.run(objects: 100, latency: .milliseconds(5)) { bench in
            let outcome = try await bench.copy(
                "s3://source",
                "s3://destination",
                "--concurrency",
                "7",
                "--format",
                "json"
            )
            #expect(try Summary(outcome).highestConcurrency == 7)
            #expect(try Summary(outcome).objects.copied == 100)
        }
    }

    @Test("--fetchers says how many pages are asked for at once; one lists page after page", arguments: [1, 2, 64])
    func fetchers(count: Int) async throws {
        try await Bench.run(objects: 5300) { bench in
            let options = ["--fetchers", "\(count)", "--dry-run", "--format", "json"]
            let arguments = ["copy", "s3://source", "s3://destination", "--endpoint", bench.server.endpoint] + options
            let outcome = try await bench.start(arguments).wait()
            let summary = try Summary(outcome)
            #expect(summary.complete && summary.objects == .init(listed: 5300, copied: 0, skipped: 5300))
            #expect(Set(outcome.outputLines.dropLast()).count == 5300)
            let lists = summary.requests["ListObjectsV2", default: 0]
            #expect(count == 1 ? lists == 7 && summary.highestConcurrency == 1 : (7...13).contains(lists))
        }
    }

    @Test("a server that does not list in byte order is told of, and its objects are copied all the same")
    func unordered() async throws {
        func page(_ keys: [String], next: String?) -> [UInt8] {
            let objects = keys.map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
            let end = next.map { "true</IsTruncated><NextContinuationToken>\($0)</NextContinuationToken>" }
            return StandIn.answer(
                "200 OK",
                type: "application/xml",
                body: "<ListBucketResult><IsTruncated>\(end ?? "false</IsTruncated>")\(objects)</ListBucketResult>"
            )
        }
        let pages = [page(["a/b", "a-b"], next: "second"), page(["c"], next: nil), page([], next: nil)]
        let copied = StandIn.answer(
            "200 OK",
            type: "application/xml",
            body: "<CopyObjectResult><ETag>&quot;0&quot;</ETag></CopyObjectResult>"
        )
        let behaviour = StandIn.Behaviour.answers { head in
            if head.hasPrefix("PUT ") { return copied }
            if head.contains("/destination") { return pages[2] }
            return head.contains("continuation-token=second") ? pages[1] : pages[0]
        }
        try await Bench.run { bench in
            try await StandIn.run(behaviour) { port in
                let endpoint = "http://127.0.0.1:\(port)"
                let outcome = try await bench.copy(endpoint: endpoint)
                #expect(outcome.status == 0)
                #expect(outcome.output.contains("Copied 3 objects"))
                #expect(
                    outcome.remarks == [
                        "brigade: the server does not list in byte order, so the source is listed serially, one page "
                            + "after the other"
                    ]
                )
                let quiet = try await bench.copy("s3://source", "s3://destination", endpoint: endpoint, "--quiet")
                #expect(quiet.status == 0 && quiet.errors.isEmpty)
            }
        }
    }

    @Test("an order that shows too late for ranges costs a second, serial listing, and no object")
    func unorderedTooLate() async throws {
        // No folder is in the first pages that could be asked about.
        let folders = ["photos", "photos-old"].flatMap { folder in (0..<100).map { "\(folder)/\($0)" } }
        let server = OddLister.folders((100..<400).map { "a\($0)" } + folders)
        try await Bench.run { bench in
            try await StandIn.run(server.behaviour) { port in
                let endpoint = "http://127.0.0.1:\(port)"
                for journal in ["--job=late", "--no-journal"] {
                    let options = ["--endpoint", endpoint, "--format", "json", "--fetchers", "4", journal]
                    let outcome = try await bench.start(["copy", "s3://source", "s3://destination"] + options).wait()
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    let notice = try #require(outcome.remarks.first { $0.contains("does not list in byte order") })
                    #expect(notice.contains(/showed only after \d+ objects.*this is done now, from the beginning/))
                    let jobs = outcome.errorLines.filter { $0.hasPrefix("brigade: job 2") }
                    #expect(jobs.count == (journal == "--no-journal" ? 0 : 1))
                    let summary = try Summary(outcome)
                    #expect(summary.complete && summary.objects == .init(listed: 500, copied: 500))
                    // Those of both listings, and of the copies that were made twice.
                    #expect(summary.requests["ListObjectsV2", default: 0] > 25 + 3)
                    #expect(summary.requests["CopyObject", default: 0] >= 500)
                }
                let report = try await bench.brigade("report", "late", "--format", "json").output
                let job = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any]
                #expect(job?["state"] as? String == "complete" && job?["inByteOrder"] as? Bool == false)
                #expect(job?["copied"] as? Int == 500, "what the first run copied is not counted again")
                let runs = try #require(job?["runs"] as? [[String: Any]])
                #expect(runs.map { $0["outcome"] as? String } == ["aborted", "complete"])
                let again = try await bench.brigade("resume", "late")
                #expect(again.status == 0 && again.errors.contains("there is nothing left to do"))
                // What would be copied cannot be told twice.
                let options = ["--endpoint", endpoint, "--fetchers", "4", "--dry-run"]
                let dry = try await bench.start(["copy", "s3://source", "s3://destination"] + options).wait()
                #expect(dry.status == 2 && dry.errors.contains("with one fetcher (--fetchers 1)"))
            }
        }
    }

    @Test("--dry-run lists and writes nothing")
    func dryRun() async throws {
        try await Bench.run(objects: 1100) { bench in
            let text = try await bench.copy("s3://source", "s3://destination", "--dry-run")
            #expect(text.status == 0)
            let lines = text.output.split(separator: "\n")
            #expect(lines.count == 1102)
            #expect(lines.contains("would copy s3://source/object-00007 to s3://destination/object-00007"))
            #expect(lines[1100] == "Would copy 1,100 objects (10.7 KiB) from s3://source/ to s3://destination/.")
            #expect(lines[1101] == "Listed 1,100, skipped 0, failed 0.")
            let json = try await bench.copy("s3://source", "s3://destination", "--dry-run", "--format", "json")
            #expect(json.status == 0)
            let summary = try Summary(json)
            #expect(summary.dryRun && summary.complete)
            #expect(summary.objects == .init(listed: 1100, copied: 0, skipped: 1100))
            try bench.expectNothingWritten()
        }
    }

    @Test("--quiet says nothing but errors; JSON stays")
    func quiet() async throws {
        try await Bench.run { bench in
            let text = try await bench.copy("s3://source", "s3://destination", "--quiet")
            #expect(text.status == 0 && text.output.isEmpty && text.errors.isEmpty)
            let json = try await bench.copy("s3://source", "s3://destination", "-q", "--format", "json")
            #expect(try Summary(json).objects.copied == 3)
        }
    }

    @Test("--progress always shows a line, and takes it away again")
    func progress() async throws {
        try await Bench.run(objects: 60, latency: .milliseconds(50)) { bench in
            let outcome = try await bench.copy(
                "s3://source",
                "s3://destination",
                "--progress",
                "always",
                "--concurrency",
                "2"
            )
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains(" of 60 objects, "))
            #expect(outcome.errors.hasSuffix("\r\u{1B}[K"))
        }
    }

    @Test("an empty bucket is copied at once")
    func empty() async throws {
        try await Bench.run(objects: 0) { bench in
            let outcome = try await bench.copy()
            #expect(outcome.status == 0)
            #expect(outcome.output.hasPrefix("Copied 0 objects (0 B) in "))
        }
    }

    @Test("objects that cannot be copied are named, the others arrive, and the exit code is 1")
    func denied() async throws {
        var faults = Faults()
        faults.deniedKeyPrefixes = ["object-0000", "tab"]
        try await Bench.run(objects: 50, faults: faults) { bench in
            try bench.server.put(bucket: "source", key: Array("tab\there\\".utf8), body: [1, 2])
            let outcome = try await bench.copy()
            #expect(outcome.status == 1)
            let failures = outcome.errorLines.filter { $0.hasPrefix("failed: ") }.sorted()
            #expect(failures.count == 11)
            let rest = outcome.remarks.filter { !$0.hasPrefix("failed: ") }
            #expect(rest.count == 1)
            #expect(rest.first?.contains("failed-keys.jsonl; 'brigade resume ") == true)
            #expect(failures.first?.hasPrefix("failed: object-00000: CopyObject: AccessDenied: ") == true)
            #expect(failures.last?.hasPrefix("failed: tab\\x09here\\\\: CopyObject: AccessDenied: ") == true)
            #expect(outcome.output.contains("Copied 40 objects"))
            #expect(outcome.output.contains("Listed 51, skipped 0, failed 11."))
            #expect(
                try bench.keys(in: "destination") == bench.keys(in: "source").filter { $0 > "object-00009" && $0 < "t" }
            )
        }
    }

    @Test("objects that cannot be copied have a line of JSON each")
    func deniedJSON() async throws {
        struct Line: Decodable {
            var event: String
            var key: String
            var size: Int
            var code: String
        }
        var faults = Faults()
        faults.deniedKeyPrefixes = ["object-00007"]
        try await Bench.run(objects: 20, faults: faults) { bench in
            let outcome = try await bench.copy("s3://source", "s3://destination", "--format", "json")
            #expect(outcome.status == 1)
            #expect(outcome.outputLines.count == 2)
            let line = try JSONDecoder().decode(Line.self, from: Data((outcome.outputLines.first ?? "").utf8))
            #expect(line.event == "failed" && line.key == "object-00007" && line.size == 10)
            #expect(line.code == "AccessDenied")
            let summary = try Summary(outcome)
            #expect(summary.objects == .init(listed: 20, copied: 19, failed: 1))
            #expect(!summary.complete)
        }
    }

    @Test("TLS with an authority of one's own, given by option or by environment")
    func tls() async throws {
        try await Bench.run(tls: true) { bench in
            let byOption = try await bench.copy("s3://source", "s3://destination", "--ca-bundle", "certificate.pem")
            #expect(byOption.status == 0, "\(byOption.errors)")
            var other = bench
            other.environment["AWS_CA_BUNDLE"] = bench.home + "/certificate.pem"
            let byEnvironment = try await other.copy()
            #expect(byEnvironment.status == 0, "\(byEnvironment.errors)")
            let unverified = try await bench.copy("s3://source", "s3://destination", "--no-verify-ssl")
            #expect(unverified.status == 0, "\(unverified.errors)")
        }
    }

    @Test("settings come from the environment and from a profile")
    func settings() async throws {
        try await Bench.run { bench in
            var user = bench
            user.environment["AWS_ENDPOINT_URL_S3"] = bench.server.endpoint
            #expect(try await user.brigade("copy", "s3://source", "s3://destination").status == 0)
            user.environment = [:]
            try FileManager.default.createDirectory(atPath: bench.home + "/.aws", withIntermediateDirectories: false)
            try """
            [profile work]
            endpoint_url = \(bench.server.endpoint)
            aws_access_key_id = KEY
            aws_secret_access_key = a+secret/of=the:tests
            """.write(toFile: bench.home + "/.aws/config", atomically: true, encoding: .utf8)
            #expect(try await user.brigade("copy", "s3://source", "s3://destination", "--profile", "work").status == 0)
        }
    }

    @Test("a reader that goes away ends it quietly")
    func brokenPipe() async throws {
        var faults = Faults()
        faults.deniedKeyPrefixes = ["object"]
        try await Bench.run(objects: 5000, faults: faults) { bench in
            let pipe = Pipe()
            let process = try BrigadeProcess(
                ["copy", "s3://source", "s3://destination", "--endpoint", bench.server.endpoint, "--format", "json"],
                home: bench.home,
                environment: bench.environment,
                output: pipe.fileHandleForWriting
            )
            try pipe.fileHandleForReading.close()
            try pipe.fileHandleForWriting.close()
            let outcome = try await process.wait()
            // 128 and SIGPIPE, as a shell gives the end of a program by that signal.
            #expect(outcome.status == 141)
            #expect(outcome.remarks.isEmpty)
        }
    }
}
