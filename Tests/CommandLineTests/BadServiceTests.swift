import Foundation
import LocalS3
import ServerTestSupport
import Testing

/// What a user gets wrong about the service, and what services get wrong: a message that says what to do, exit code 2,
/// and nothing written.
@Suite("brigade copy: services that cannot be used", .serialized)
struct BadServiceTests {
    private func expect(
        _ outcome: BrigadeProcess.Outcome,
        _ message: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.status == 2, sourceLocation: sourceLocation)
        #expect(outcome.remarks == ["brigade: \(message)"], sourceLocation: sourceLocation)
        #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    }

    // MARK: Buckets

    @Test("a bucket that does not exist")
    func noSuchBucket() async throws {
        try await Bench.run { bench in
            let place = bench.server.endpoint
            self.expect(
                try await bench.copy("s3://missing", "s3://destination"),
                "the source bucket 'missing' does not exist at \(place); check its name and the endpoint"
            )
            self.expect(
                try await bench.copy("s3://source", "s3://missing"),
                "the destination bucket 'missing' does not exist at \(place); make it first, or check its name and the "
                    + "endpoint"
            )
            try bench.expectNothingWritten()
        }
    }

    @Test(
        "a copy onto itself, or among its own objects",
        arguments: [
            ("s3://source", "s3://source", "source and destination are the same: s3://source/"),
            ("s3://source/a", "s3://source/a", "source and destination are the same: s3://source/a"),
            ("s3://source", "s3://source/a", "source s3://source/ and destination s3://source/a overlap"),
            ("s3://source/a/b", "s3://source/a", "source s3://source/a/b and destination s3://source/a overlap"),
            ("s3://source/a", "s3://source/ab", "source s3://source/a and destination s3://source/ab overlap"),
        ]
    )
    func overlap(source: String, destination: String, message: String) async throws {
        try await Bench.run { bench in
            let outcome = try await bench.copy(source, destination)
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
            #expect(bench.server.statistics.requestsInAll == 0)
        }
    }

    // MARK: Credentials

    @Test(
        "credentials that the server refuses",
        arguments: [("KEY", "SignatureDoesNotMatch"), ("X", "InvalidAccessKeyId")]
    )
    func wrongCredentials(key: String, code: String) async throws {
        try await Bench.run { bench in
            var user = bench
            user.environment = ["AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "not-the-secret"]
            let outcome = try await user.copy()
            self.expect(
                outcome,
                "the credentials were refused at \(bench.server.endpoint) (\(code)); check the access key and its secret, "
                    + "and which profile or environment variable they come from"
            )
            #expect(!outcome.errors.contains("not-the-secret"))
            try bench.expectNothingWritten()
        }
    }

    @Test("no credentials, and none wanted")
    func noCredentials() async throws {
        try await Bench.run { bench in
            var user = bench
            user.environment = [:]
            let outcome = try await user.copy()
            #expect(outcome.status == 2)
            #expect(
                outcome.errors.hasPrefix(
                    "brigade: there are no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, and "
                )
            )
            #expect(bench.server.statistics.requestsInAll == 0)
            self.expect(
                try await user.copy("s3://source", "s3://destination", "--no-sign-request"),
                "the source bucket 'source' cannot be listed without credentials at \(bench.server.endpoint)"
            )
            try bench.expectNothingWritten()
        }
    }

    @Test("a profile that does not exist")
    func noProfile() async throws {
        try await Bench.run { bench in
            let outcome = try await bench.copy("s3://source", "s3://destination", "--profile", "work")
            #expect(outcome.status == 2)
            #expect(outcome.errors.hasPrefix("brigade: there is no profile work (named by the command line) in "))
            #expect(outcome.errors.hasSuffix("neither has any profile\n"))
            var user = bench
            user.environment["AWS_PROFILE"] = "home"
            let named = try await user.copy()
            #expect(named.status == 2)
            #expect(named.errors.hasPrefix("brigade: there is no profile home (named by AWS_PROFILE) in "))
            #expect(bench.server.statistics.requestsInAll == 0)
        }
    }

    // MARK: Clocks

    @Test(
        "a server's clock that is an hour off is signed for, with a warning",
        arguments: [Duration.seconds(3600), .seconds(-3600)]
    )
    func clock(offset: Duration) async throws {
        var faults = Faults()
        faults.clockOffset = offset
        try await Bench.run(objects: 600, faults: faults) { bench in
            let outcome = try await bench.copy()
            #expect(outcome.status == 0)
            #expect(outcome.remarks.count == 1)
            let side = offset > .zero ? "behind" : "ahead of"
            let notice = try #require(outcome.remarks.first)
            #expect(notice.hasPrefix("brigade: this machine's clock is "))
            #expect(
                notice.hasSuffix(
                    " \(side) the server's; signing for the server's time now, but the clock should be set right"
                )
            )
            #expect(try bench.keys(in: "destination").count == 600)
        }
    }

    @Test("a server that refuses its own time")
    func clockRefused() async throws {
        let answer = StandIn.answer(
            "403 Forbidden",
            type: "application/xml",
            fields: ["date: Mon, 01 Jan 2001 00:00:00 GMT"],
            body: "<Error><Code>RequestTimeTooSkewed</Code><Message>no</Message></Error>"
        )
        try await Bench.run { bench in
            try await StandIn.run(.answers { _ in answer }) { port in
                let outcome = try await bench.copy(endpoint: "http://127.0.0.1:\(port)")
                #expect(outcome.status == 2)
                #expect(
                    outcome.errors.hasSuffix(
                        "brigade: this machine's clock and the server's differ by more than S3 allows, and signing for "
                            + "the server's time did not help; set the clock right (ListObjectsV2: "
                            + "RequestTimeTooSkewed: no (HTTP 403))\n"
                    )
                )
            }
        }
    }

    // MARK: Endpoints

    @Test("an endpoint that nothing listens on")
    func refused() async throws {
        try await Bench.run { bench in
            let port = try await StandIn.closedPort()
            self.expect(
                try await bench.copy(endpoint: "http://127.0.0.1:\(port)"),
                "the source bucket 'source' cannot be listed: no connection to http://127.0.0.1:\(port) at 127.0.0.1, "
                    + "port \(port): nothing listens there, or a firewall refuses; check the port, and that the server "
                    + "runs (Connection refused)"
            )
        }
    }

    @Test("an endpoint whose name cannot be resolved")
    func unresolvable() async throws {
        try await Bench.run { bench in
            let outcome = try await bench.copy(endpoint: "http://s3.nowhere.invalid")
            #expect(outcome.status == 2)
            #expect(
                outcome.errors.hasPrefix(
                    "brigade: the source bucket 'source' cannot be listed: the name 's3.nowhere.invalid' could not be "
                        + "resolved: "
                )
            )
            // A machine without any name server gets no answer that the name does not exist.
            let advices = [
                "check the endpoint and the region", "check the network and the name servers in /etc/resolv.conf",
            ]
            #expect(advices.contains { outcome.errors.hasSuffix("; \($0)\n") })
        }
    }

    @Test("TLS spoken to a plain port")
    func tlsToPlain() async throws {
        try await Bench.run { bench in
            let endpoint = "https://127.0.0.1:\(bench.server.port)"
            self.expect(
                try await bench.copy(endpoint: endpoint),
                "the source bucket 'source' cannot be listed: \(endpoint) does not speak TLS; if it speaks plain HTTP, "
                    + "write http:// in its URL"
            )
            try bench.expectNothingWritten()
        }
    }

    @Test("plain HTTP spoken to a TLS port")
    func plainToTLS() async throws {
        try await Bench.run(tls: true) { bench in
            let outcome = try await bench.copy(endpoint: "http://127.0.0.1:\(bench.server.port)")
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("write https:// in its URL"), "\(outcome.errors)")
            try bench.expectNothingWritten()
        }
    }

    @Test("a certificate that nobody vouches for, or that is another's")
    func certificates() async throws {
        try await Bench.run(tls: true) { bench in
            let endpoint = bench.server.endpoint
            self.expect(
                try await bench.copy(),
                "the source bucket 'source' cannot be listed: the certificate of \(endpoint) is not trusted, or not valid "
                    + "today; name the authority that signed it with --ca-bundle FILE (or AWS_CA_BUNDLE)"
            )
            try FileManager.default.createDirectory(atPath: bench.home + "/other", withIntermediateDirectories: false)
            _ = try TestCertificate(in: bench.home + "/other")
            let other = try await bench.copy("s3://source", "s3://destination", "--ca-bundle", "other/certificate.pem")
            #expect(other.status == 2)
            #expect(other.errors.contains("is not trusted, or not valid today"))
            try bench.expectNothingWritten()
        }
    }

    @Test("authorities that cannot be read")
    func caBundle() async throws {
        try await Bench.run { bench in
            try "no certificate".write(toFile: bench.home + "/notes.txt", atomically: true, encoding: .utf8)
            self.expect(
                try await bench.copy("s3://source", "s3://destination", "--ca-bundle", "none.pem"),
                "the certificate bundle 'none.pem' cannot be used: No such file or directory"
            )
            self.expect(
                try await bench.copy("s3://source", "s3://destination", "--ca-bundle", "notes.txt"),
                "the certificate bundle 'notes.txt' cannot be used: it holds no certificate in PEM form"
            )
            #expect(bench.server.statistics.requestsInAll == 0)
        }
    }

    // MARK: Servers that are not S3

    private static let page =
        "<!DOCTYPE html><html><head><title>It works</title></head><body><p>Hello<br></body></html>"

    @Test("a web server")
    func webServer() async throws {
        try await Bench.run { bench in
            for (status, message) in [
                (
                    "404 Not Found",
                    "with HTTP 404 and something that is not S3's XML (it is a web page); check the endpoint's URL"
                ),
                (
                    "403 Forbidden",
                    "with HTTP 403 and something that is not S3's XML (it is a web page); check the endpoint's URL"
                ),
            ] {
                let answer = StandIn.answer(status, type: "text/html", body: Self.page)
                try await StandIn.run(.answers { _ in answer }) { port in
                    let endpoint = "http://127.0.0.1:\(port)"
                    self.expect(
                        try await bench.copy(endpoint: endpoint),
                        "the source bucket 'source' cannot be listed: \(endpoint) answered ListObjectsV2 \(message)"
                    )
                }
            }
        }
    }

    @Test(
        "servers that answer 200 with something else",
        arguments: [
            (page, "text/html", "document type"),
            ("<html><body/></html>", "text/html", "its root is 'html', not 'ListBucketResult'"),
            ("{\"status\":\"ok\"}", "application/json", "it does not begin with an element"),
            ("", "application/xml", "it is empty"),
            ("<ListBucketResult><IsTruncated>false</IsTruncated>", "application/xml", "it ends before its end"),
        ]
    )
    func somethingElse(body: String, type: String, message: String) async throws {
        let answer = StandIn.answer("200 OK", type: type, body: body)
        try await Bench.run { bench in
            try await StandIn.run(.answers { _ in answer }) { port in
                let outcome = try await bench.copy(endpoint: "http://127.0.0.1:\(port)")
                #expect(outcome.status == 2)
                #expect(outcome.errors.contains(message), "\(outcome.errors)")
                #expect(outcome.errors.hasSuffix("check the endpoint's URL\n"), "\(outcome.errors)")
                #expect(outcome.output.isEmpty)
            }
        }
    }

    @Test("a server that closes at once")
    func closes() async throws {
        try await Bench.run { bench in
            try await StandIn.run(.closesAtOnce) { port in
                for scheme in ["http", "https"] {
                    let outcome = try await bench.copy(endpoint: "\(scheme)://127.0.0.1:\(port)")
                    #expect(outcome.status == 2)
                    #expect(outcome.errors.contains("\(scheme)://127.0.0.1:\(port)"), "\(outcome.errors)")
                    #expect(
                        outcome.errors.contains(/closed the connection|the connection to .* broke/),
                        "\(outcome.errors)"
                    )
                }
            }
        }
    }

    @Test(
        "servers of other protocols",
        arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "\u{0}\u{1}\u{2}garbage\u{7F}\n\n", "220 mail ESMTP\r\n"]
    )
    func otherProtocols(greeting: String) async throws {
        try await Bench.run { bench in
            try await StandIn.run(.answers { _ in Array(greeting.utf8) }) { port in
                let endpoint = "http://127.0.0.1:\(port)"
                self.expect(
                    try await bench.copy(endpoint: endpoint),
                    "the source bucket 'source' cannot be listed: \(endpoint) is no HTTP server: it does not begin with "
                        + "HTTP/1.1 and a status; check the endpoint's URL"
                )
            }
        }
    }
}
