import Foundation
import Glibc
import LocalS3
import ServerTestSupport
import Testing

@Suite("brigade serve and demo", .serialized)
struct ServeCommandTests {
    private struct Statistics: Decodable {
        var requests: [String: Int]
        var connectionsAccepted: Int
    }

    /// Where a started server says that it listens.
    private func endpoint(of server: BrigadeProcess) async throws -> String {
        try await waitUntil("the server said where it listens") { try server.outputSoFar.hasSuffix("\n") }
        let line = try #require(try server.outputSoFar.split(separator: "\n").first)
        let match = try #require(line.wholeMatch(of: /listening on (http:\/\/127\.0\.0\.1:\d+)/))
        return String(match.1)
    }

    @Test("says where it listens, serves, and counts what it did when it is told to end", arguments: [SIGINT, SIGTERM])
    func serve(signal: CInt) async throws {
        try await withTemporaryFolder { home in
            let credentials = ["--access-key", "KEY", "--secret-key", "a+secret/of=the:tests"]
            let arguments = ["serve", "--populate", "source=1500", "--bucket", "destination"] + credentials
            let server = try BrigadeProcess(arguments, home: home)
            let endpoint = try await endpoint(of: server)
            let copy = ["copy", "s3://source", "s3://destination", "--endpoint", endpoint, "--format", "json"]
            let client = try await BrigadeProcess(copy, home: home, environment: Bench.credentials).wait()
            #expect(try Summary(client).objects == .init(listed: 1500, copied: 1500))
            server.signal(signal)
            let outcome = try await server.wait()
            #expect(outcome.status == 0)
            #expect(outcome.errors.isEmpty)
            #expect(outcome.outputLines.count == 2)
            let line = outcome.outputLines.last ?? ""
            let statistics = try JSONDecoder().decode(Statistics.self, from: Data(line.utf8))
            #expect(statistics.requests == ["ListObjectsV2": 3, "CopyObject": 1500])
            #expect((1...264).contains(statistics.connectionsAccepted))
        }
    }

    @Test("a folder is served again with what was put into it")
    func folder() async throws {
        try await withTemporaryFolder { home in
            let arguments = ["serve", "--directory", "data", "--populate", "source=10", "--bucket", "destination"]
            for round in 0..<2 {
                let server = try BrigadeProcess(arguments, home: home)
                let copy = [
                    "copy", "s3://source", "s3://destination/\(round)/", "--no-sign-request", "--format", "json",
                ]
                let endpoint = try await endpoint(of: server)
                let client = try await BrigadeProcess(copy + ["--endpoint", endpoint], home: home).wait()
                #expect(try Summary(client).objects.copied == 10)
                server.signal(SIGTERM)
                #expect(try await server.wait().status == 0)
            }
        }
    }

    @Test("what cannot be served is told, and the exit code is 2")
    func cannotStart() async throws {
        try await withTemporaryFolder { home in
            try await withLocalS3 { other in
                let port = try await BrigadeProcess(["serve", "--port", "\(other.port)"], home: home).wait()
                #expect(port.status == 2)
                let message = "cannot listen on 127.0.0.1 port \(other.port): Address already in use"
                #expect(port.errors == "brigade: \(message)\n")
            }
            try "not ours".write(toFile: home + "/notes.txt", atomically: true, encoding: .utf8)
            let cases = [
                (["--directory", "."], "was not made by this server"),
                (["--directory", "notes.txt"], "cannot make the folder notes.txt: File exists\n"),
                (["--certificate", "none.pem", "--private-key", "none.pem"], "none.pem"),
                (["--bucket", "X"], "'X' is not a valid bucket name"),
            ]
            for (arguments, message) in cases {
                let outcome = try await BrigadeProcess(["serve"] + arguments, home: home).wait()
                #expect(outcome.status == 2, "\(arguments)")
                #expect(outcome.output.isEmpty)
                #expect(outcome.errors.hasPrefix("brigade: ") && outcome.errors.contains(message), "\(outcome.errors)")
            }
        }
    }

    @Test("the demo copies its bucket, compares both sides and leaves nothing")
    func demo() async throws {
        try await withTemporaryFolder { home in
            let outcome = try await BrigadeProcess(["demo"], home: home).wait()
            #expect(outcome.status == 0)
            #expect(outcome.remarks.isEmpty)
            #expect(outcome.output.contains("Copied 20,000 objects in "))
            #expect(outcome.output.contains("Compared key by key: 20,000 objects with the same bytes in the key"))
        }
    }
}
