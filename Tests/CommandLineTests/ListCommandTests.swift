import Foundation
import Glibc
import LocalS3
import ServerTestSupport
import Testing

@Suite("brigade list", .serialized)
struct ListCommandTests {
    /// A line of JSON about an object.
    private struct Line: Decodable {
        var key: String
        var size: Int
        var etag: String
        var lastModified: String
        var storageClass: String
    }

    /// The last line of JSON.
    private struct Summary: Decodable {
        var event: String
        var source: String
        var complete: Bool
        var interrupted: Bool
        var error: String?
        var objects: Int
        var bytes: Int
        var written: Int
        var fetchers: Int
        var pagesAskedFor: Int
        var requests: [String: Int]
        var efficiency: Double
        var inByteOrder: Bool
    }

    private func summary(_ outcome: BrigadeProcess.Outcome) throws -> Summary {
        try JSONDecoder().decode(Summary.self, from: Data((outcome.outputLines.last ?? "").utf8))
    }

    private func list(
        _ bench: Bench,
        _ source: String = "s3://source",
        _ options: String...
    ) async throws -> BrigadeProcess.Outcome {
        try await bench.start(["list", source, "--endpoint", bench.server.endpoint] + options).wait()
    }

    private func fillAwkwardly(_ bench: Bench) throws {
        for awkward in AwkwardKey.all {
            try bench.server.put(bucket: "source", key: awkward.bytes, body: Array(awkward.bytes.prefix(7)))
        }
    }

    // MARK: Formats

    @Test("text is a line an object, and the summary goes to standard error")
    func text() async throws {
        try await Bench.run(objects: 3210) { bench in
            let outcome = try await list(bench)
            #expect(outcome.status == 0)
            let lines = outcome.outputLines.sorted { $0.suffix(12) < $1.suffix(12) }
            #expect(lines.count == 3210)
            let isText = zip(0..., lines).allSatisfy { number, line in
                line.wholeMatch(of: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {11}10 object-(\d{5})/).map { Int($0.1) == number }
                    ?? false
            }
            #expect(isText)
            #expect(outcome.errors.hasPrefix("Listed 3,210 objects (31.3 KiB) in "))
            #expect(outcome.errorLines.count == 2)
            #expect(outcome.errors.contains(/Asked for \d pages \(4 at least\) with 64 fetchers over \d/))
        }
    }

    @Test("JSON and TSV tell every key exactly, and what the server knows", arguments: [["--sorted"], []])
    func exact(options: [String]) async throws {
        try await Bench.run(objects: 2100) { bench in
            try fillAwkwardly(bench)
            let stored = try bench.server.objects(in: "source")
            let process = try bench.start(
                ["list", "s3://source", "--endpoint", bench.server.endpoint, "--format", "json"] + options
            )
            let json = try await process.wait()
            #expect(json.status == 0 && json.errors.isEmpty)
            let lines = try json.outputLines.dropLast().map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            // Ordered by bytes, as the server's are; a string's own order is another.
            let sorted = options.isEmpty ? lines.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } : lines
            #expect(sorted.map { Array($0.key.utf8) } == stored.map(\.key))
            #expect(sorted.map(\.size) == stored.map(\.size))
            #expect(sorted.map(\.etag) == stored.map(\.etag))
            #expect(lines.allSatisfy { $0.storageClass == "STANDARD" })
            #expect(lines.allSatisfy { $0.lastModified.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil })
            let tsv = try await bench.start(
                ["list", "s3://source", "--endpoint", bench.server.endpoint, "--format", "tsv", "-q"] + options
            ).wait()
            #expect(tsv.status == 0 && tsv.errors.isEmpty)
            let expected = Set(
                lines.map { line in
                    let key = line.key.unicodeScalars.map { scalar in
                        ["\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\"][scalar] ?? String(scalar)
                    }
                    return [key.joined(), "\(line.size)", line.lastModified, line.etag, line.storageClass]
                        .joined(separator: "\t")
                }
            )
            #expect(Set(tsv.output.split(separator: "\n").map(String.init)) == expected)
        }
    }

    @Test("the last line of JSON agrees with what the server saw")
    func jsonSummary() async throws {
        try await Bench.run(objects: 5500) { bench in
            let outcome = try await list(bench, "s3://source/object-", "--format", "json", "--fetchers", "8")
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
            let summary = try summary(outcome)
            #expect(summary.event == "summary" && summary.source == "s3://source/object-")
            #expect(summary.complete && !summary.interrupted && summary.error == nil && summary.inByteOrder)
            #expect(summary.objects == 5500 && summary.written == 5500 && summary.bytes == 55_000)
            #expect(summary.fetchers == 8)
            #expect(summary.requests == bench.server.statistics.requests)
            #expect(summary.requests == ["ListObjectsV2": summary.pagesAskedFor])
            #expect(summary.efficiency > 0 && summary.efficiency <= 1)
            #expect(outcome.outputLines.count == 5501)
        }
    }

    @Test("one fetcher asks for the fewest pages", arguments: [(0, 1), (1, 1), (1000, 1), (3000, 3)])
    func serial(objects: Int, pages: Int) async throws {
        try await Bench.run(objects: objects) { bench in
            let outcome = try await list(bench, "s3://source", "--format", "json", "--fetchers", "1", "--sorted")
            #expect(try summary(outcome).pagesAskedFor == pages)
            #expect(outcome.outputLines.count == objects + 1)
        }
    }

    @Test("a prefix that no key has is an empty listing")
    func empty() async throws {
        try await Bench.run { bench in
            let outcome = try await list(bench, "s3://source/nothing")
            #expect(outcome.status == 0 && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("Listed 0 objects (0 B) in "))
        }
    }

    // MARK: Order

    @Test("--sorted keeps the order whatever comes first, and says what waited", arguments: [2, 64])
    func sorted(fetchers: Int) async throws {
        var faults = Faults()
        faults.internalErrorProbability = 0.1
        faults.truncatedPageProbability = 0.1
        faults.shortPageMaximum = 50
        faults.seed = 11
        try await Bench.run(objects: 9000, faults: faults, latency: .milliseconds(2)) { bench in
            let keys = try bench.keys(in: "source")
            let outcome = try await list(
                bench,
                "s3://source",
                "-q",
                "--sorted",
                "--format",
                "tsv",
                "--fetchers",
                "\(fetchers)"
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            let listed = outcome.outputLines.map { String($0.prefix { $0 != "\t" }) }
            let isSame = listed == keys
            #expect(isSame)
        }
    }

    @Test("hints and cuts change nothing but the order")
    func hints() async throws {
        try await Bench.run(objects: 4000) { bench in
            let file = "\(bench.home)/hints"
            try Data((0..<40).map { "object-0\(1000 + $0 * 75)\n" }.joined().utf8).write(to: URL(filePath: file))
            let outcome = try await list(
                bench,
                "s3://source",
                "--format",
                "tsv",
                "--sorted",
                "-q",
                "--hints",
                file,
                "--split-at",
                "object-02000",
                "--split-at",
                "zzz"
            )
            #expect(outcome.status == 0)
            #expect(outcome.outputLines.map { String($0.prefix(12)) } == (try bench.keys(in: "source")))
            let missing = try await list(bench, "s3://source", "--hints", "\(bench.home)/not-there")
            #expect(missing.status == 2 && missing.output.isEmpty)
            #expect(missing.errors.hasSuffix("not-there' cannot be read: No such file or directory\n"))
        }
    }

    @Test("hints come from standard input too, and none at all are told of")
    func hintsFromInput() async throws {
        try await Bench.run(objects: 4000) { bench in
            for (text, notice) in [
                ("object-03500\n", ""), ("a\nb\n", "of use"), ("", "brigade: the hints hold no key\n"),
            ] {
                let file = URL(filePath: "\(bench.home)/input")
                try Data(text.utf8).write(to: file)
                let process = try BrigadeProcess(
                    ["list", "s3://source", "--endpoint", bench.server.endpoint, "--hints", "-", "--format", "json"],
                    home: bench.home,
                    environment: bench.environment,
                    input: try FileHandle(forReadingFrom: file)
                )
                let outcome = try await process.wait()
                #expect(outcome.status == 0 && outcome.outputLines.count == 4001)
                #expect(notice.isEmpty ? outcome.errors.isEmpty : outcome.errors.contains(notice), "\(outcome.errors)")
            }
        }
    }

    @Test("a temporary folder that is of no use is refused before anything is listed")
    func temporaryFolder() async throws {
        try await Bench.run(objects: 3000) { bench in
            let folder = "\(bench.home)/not-there"
            let refused = try await list(bench, "s3://source", "--sorted", "--temporary-directory", folder)
            #expect(refused.status == 2 && refused.output.isEmpty)
            #expect(refused.errors.contains("in \(folder)") && refused.errors.contains("No such file or directory"))
            #expect(bench.server.statistics.requests.isEmpty)
            let taken = try await list(bench, "s3://source", "-q", "--sorted", "--temporary-directory", bench.home)
            #expect(taken.status == 0 && taken.outputLines.count == 3000)
        }
    }

    // MARK: Ends

    @Test("what cannot be listed is told with the remedy, and as JSON too")
    func noBucket() async throws {
        try await Bench.run { bench in
            let message =
                "the bucket 'missing' does not exist at \(bench.server.endpoint); check its name and the endpoint"
            let text = try await list(bench, "s3://missing")
            #expect(text.status == 2 && text.output.isEmpty)
            #expect(text.errors == "brigade: \(message)\n")
            let json = try await list(bench, "s3://missing", "--format", "json")
            #expect(json.status == 2 && json.errors == "brigade: \(message)\n")
            let summary = try summary(json)
            #expect(!summary.complete && summary.objects == 0 && summary.error == message)
        }
    }

    @Test(
        "a listing that breaks off never passes for a whole one",
        arguments: [[], ["--sorted"], ["--fetchers", "1"]]
    )
    func brokenOff(options: [String]) async throws {
        let page = """
            <ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>\
            <Contents><Key>a</Key><Size>1</Size></Contents><Contents><Key>b</Key><Size>2</Size></Contents></ListBucketResult>
            """
        let refusal = "<Error><Code>AccessDenied</Code><Message>no more</Message></Error>"
        let behaviour = StandIn.Behaviour.answers { head in
            head.contains("start-after=") || head.contains("continuation-token=")
                ? StandIn.answer("403 Forbidden", type: "application/xml", body: refusal)
                : StandIn.answer("200 OK", type: "application/xml", body: page)
        }
        try await StandIn.run(behaviour) { port in
            try await withTemporaryFolder { home in
                let process = try BrigadeProcess(
                    ["list", "s3://source", "--endpoint", "http://127.0.0.1:\(port)", "--format", "tsv"] + options,
                    home: home,
                    environment: Bench.credentials
                )
                let outcome = try await process.wait()
                #expect(outcome.status == 2)
                #expect(outcome.output == "a\t1\t\t\t\nb\t2\t\t\t\n")
                #expect(outcome.errors.hasPrefix("Listed 2 objects (3 B), not to the end, in "))
                #expect(outcome.errors.contains("\nbrigade: listing s3://source/ stopped "))
                #expect(outcome.errors.contains("after") && outcome.errors.contains("'b'"))
                #expect(outcome.errors.contains("AccessDenied"))
            }
        }
    }

    @Test("a server in no byte order is listed serially, and cannot be sorted")
    func unordered() async throws {
        let page = """
            <ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a/b</Key><Size>1</Size></Contents>\
            <Contents><Key>a-b</Key><Size>2</Size></Contents></ListBucketResult>
            """
        let behaviour = StandIn.Behaviour.answers { _ in StandIn.answer("200 OK", type: "application/xml", body: page) }
        try await StandIn.run(behaviour) { port in
            try await withTemporaryFolder { home in
                let arguments = ["list", "s3://source", "--endpoint", "http://127.0.0.1:\(port)", "--format", "tsv"]
                let plain = try BrigadeProcess(arguments, home: home, environment: Bench.credentials)
                let outcome = try await plain.wait()
                #expect(outcome.status == 0)
                #expect(outcome.output == "a/b\t1\t\t\t\na-b\t2\t\t\t\n")
                let sorted = try BrigadeProcess(arguments + ["--sorted"], home: home, environment: Bench.credentials)
                let refusal = try await sorted.wait()
                #expect(refusal.status == 2)
                #expect(refusal.output.isEmpty)
                #expect(refusal.errors.contains("the server does not list s3://source/ in byte order"))
                #expect(refusal.errors.contains("leave --sorted out and sort the output"))
            }
        }
    }

    @Test("SIGINT and SIGTERM end a listing with a summary of what was written", arguments: [SIGINT, SIGTERM])
    func stop(signal: CInt) async throws {
        try await Bench.run(objects: 20_000, latency: .milliseconds(100)) { bench in
            for options in [[], ["--sorted"]] {
                let process = try bench.start(
                    ["list", "s3://source", "--endpoint", bench.server.endpoint, "--fetchers", "2", "--format", "json"]
                        + options
                )
                try await waitUntil("lines were written") { try process.outputSoFar.count > 1000 }
                process.signal(signal)
                let outcome = try await process.wait()
                #expect(outcome.status == 130)
                // A listing that ends sooner than the notice is written has no use for it any more.
                #expect(["", "brigade: stopping (once more to leave at once)\n"].contains(outcome.errors))
                let summary = try summary(outcome)
                #expect(summary.interrupted && !summary.complete && summary.error == nil)
                #expect(summary.written == outcome.outputLines.count - 1)
                #expect(summary.written < 20_000 && summary.written <= summary.objects)
            }
        }
    }

    @Test("a reader who goes away ends the listing quietly")
    func brokenPipe() async throws {
        try await Bench.run(objects: 30_000, latency: .milliseconds(20)) { bench in
            let pipe = Pipe()
            let process = try BrigadeProcess(
                ["list", "s3://source", "--endpoint", bench.server.endpoint, "--fetchers", "2"],
                home: bench.home,
                environment: bench.environment,
                output: pipe.fileHandleForWriting
            )
            try pipe.fileHandleForWriting.close()
            #expect(try pipe.fileHandleForReading.read(upToCount: 10)?.count == 10)
            try pipe.fileHandleForReading.close()
            let outcome = try await process.wait()
            #expect(outcome.status == 141)
            #expect(outcome.errors.isEmpty)
            #expect(bench.server.statistics.requests["ListObjectsV2", default: 0] < 30)
        }
    }

    @Test("a reader who reads nothing does not keep a stopped listing from ending")
    func muteReader() async throws {
        try await Bench.run(objects: 5000) { bench in
            let pipe = Pipe()
            let process = try BrigadeProcess(
                ["list", "s3://source", "--endpoint", bench.server.endpoint],
                home: bench.home,
                environment: bench.environment,
                output: pipe.fileHandleForWriting
            )
            let descriptor = pipe.fileHandleForReading.fileDescriptor
            try await waitUntil("the pipe of 64 KiB is all but full, so that the writer waits") {
                var waiting: CInt = 0
                return ioctl(descriptor, UInt(FIONREAD), &waiting) == 0 && waiting > 60_000
            }
            process.signal(SIGINT)
            let outcome = try await process.wait()
            #expect(outcome.status == 130)
            #expect(outcome.errors == "brigade: stopping (once more to leave at once)\n")
            try pipe.fileHandleForReading.close()
        }
    }

    @Test("output that cannot be written is an error")
    func fullDisk() async throws {
        try await Bench.run { bench in
            let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
            let process = try BrigadeProcess(
                ["list", "s3://source", "--endpoint", bench.server.endpoint],
                home: bench.home,
                environment: bench.environment,
                output: full
            )
            let outcome = try await process.wait()
            #expect(outcome.status == 2)
            #expect(outcome.errors == "brigade: the output cannot be written: No space left on device\n")
        }
    }

    @Test("--progress always shows a line, and takes it away again; --quiet leaves the summary out")
    func progress() async throws {
        try await Bench.run(objects: 12_000, latency: .milliseconds(150)) { bench in
            let outcome = try await list(bench, "s3://source", "--progress", "always", "--fetchers", "1", "--quiet")
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains(/[0-9,]+ objects, [0-9.]+ KiB, [0-9,]+\/s, \d+ pages? asked for/))
            #expect(outcome.errors.hasSuffix("\r\u{1B}[K"))
        }
    }
}
