import ServerTestSupport
import Testing

@Suite("brigade: help and wrong usage", .serialized)
struct UsageTests {
    private func brigade(_ arguments: [String]) async throws -> BrigadeProcess.Outcome {
        try await withTemporaryFolder { try await BrigadeProcess(arguments, home: $0).wait() }
    }

    @Test(
        "help is data",
        arguments: [
            ["--help"], ["help"], [], ["help", "copy"], ["copy", "--help"], ["list", "--help"], ["doctor", "--help"],
            ["serve", "-h"],
        ]
    )
    func help(arguments: [String]) async throws {
        let outcome = try await brigade(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("USAGE: brigade"))
        #expect(outcome.errors.isEmpty)
    }

    @Test("help says the exit codes and names every command")
    func exitCodes() async throws {
        let text = try await brigade(["--help"]).output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            text.contains("0 all done; 1 some objects failed; 2 could not start, or ended by an error; 64 wrong usage")
        )
        for command in ["copy", "list", "doctor", "serve", "demo"] { #expect(text.contains(" \(command) ")) }
    }

    @Test("the version is one line")
    func version() async throws {
        let outcome = try await brigade(["--version"])
        #expect(outcome.status == 0)
        #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test(
        "wrong usage is told with what is wrong, and exit code 64",
        arguments: [
            (["--nonsense"], "Unknown option '--nonsense'"),
            (["nonsense"], "Unexpected argument 'nonsense'"),
            (["copy"], "Missing expected argument '<source>'"),
            (["copy", "s3://source"], "Missing expected argument '<destination>'"),
            (["copy", "s3://a-b", "s3://c-d", "s3://e-f"], "Unexpected argument 's3://e-f'"),
            (
                ["copy", "s3://a-b", "s3://c-d", "--concurrency", "many"],
                "The value 'many' is invalid for '--concurrency"
            ),
            (["copy", "s3://a-b", "s3://c-d", "--concurrency", "0"], "the concurrency is 1 to 65536, not 0"),
            (["copy", "s3://a-b", "s3://c-d", "--fetchers", "0"], "the number of fetchers is 1 to 1024, not 0"),
            (["copy", "s3://a-b", "s3://c-d", "--fetchers", "1025"], "the number of fetchers is 1 to 1024, not 1025"),
            (["copy", "s3://a-b", "s3://c-d", "--max-connections", "0"], "--max-connections is 1 to 65536."),
            (["list", "s3://a-b", "--max-connections", "65537"], "--max-connections is 1 to 65536."),
            (
                ["list", "s3://a-b", "--temporary-directory", "/tmp"],
                "--temporary-directory is for what waits with --sorted."
            ),
            (["doctor", "--concurrency", "0"], "--concurrency is 1 to 65536."),
            (["doctor", "a-b"], "s3://"),
            (["doctor", "s3://a-b", "s3://c-d"], "Unexpected argument 's3://c-d'"),
            (["copy", "s3://a-b", "s3://c-d", "--format", "xml"], "The value 'xml' is invalid for '--format"),
            (["copy", "s3://a-b", "s3://c-d", "--path-style", "--virtual-host"], "exclude each other"),
            (["copy", "s3://a-b", "s3://c-d", "--ca-bundle", "f", "--no-verify-ssl"], "exclude each other"),
            (["copy", "s3://a-b", "s3://c-d", "--profile", "p", "--no-sign-request"], "exclude each other"),
            (["copy", "s3://a-b", "s3://c-d", "--region", ""], "'' is not a region's name"),
            (
                ["copy", "s3://a-b", "s3://c-d", "--endpoint", "http://127.0.0.1:9000", "--virtual-host"],
                "is an address, and a bucket's name cannot stand in front of one; use --path-style"
            ),
            (["list"], "Missing expected argument '<source>'"),
            (["list", "s3://a-b", "s3://c-d"], "Unexpected argument 's3://c-d'"),
            (["list", "s3://a-b", "--fetchers", "0"], "the number of fetchers is 1 to 1024, not 0"),
            (["list", "s3://a-b", "--fetchers", "1025"], "the number of fetchers is 1 to 1024, not 1025"),
            (["list", "s3://a-b", "--format", "csv"], "The value 'csv' is invalid for '--format"),
            (["list", "s3://a-b", "--split-at", ""], "--split-at takes a key of 1 to 1024 bytes"),
            (["serve", "--memory", "--directory", "d"], "--memory and --directory exclude each other"),
            (["serve", "--access-key", "k"], "--access-key and --secret-key go together"),
            (["serve", "--certificate", "c"], "--certificate and --private-key go together"),
            (["serve", "--port", "65536"], "port is 65536; it must be from 0 to 65535"),
            (["serve", "--latency", "-5ms"], "Missing value for '--latency"),
            (["serve", "--latency", "5"], "The value '5' is invalid for '--latency"),
            (["serve", "--fault", "reset=2"], "The value 'reset=2' is invalid for '--fault"),
            (["serve", "--populate", "bucket"], "The value 'bucket' is invalid for '--populate"),
        ]
    )
    func usage(arguments: [String], message: String) async throws {
        let outcome = try await brigade(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.errors.contains("Usage: brigade"))
        #expect(outcome.output.isEmpty)
    }

    @Test(
        "what is no place for objects is told with what is wrong, and exit code 64",
        arguments: [
            ("source", "'source' is not a bucket's URL; write s3://BUCKET or s3://BUCKET/PREFIX"),
            ("", "'' is not a bucket's URL"),
            ("https://source", "'https://source' is not a bucket's URL"),
            ("S3://source", "'S3://source' is not a bucket's URL"),
            ("s3:source", "'s3:source' is not a bucket's URL"),
            ("s3://", "'' is not a valid bucket name: it must have at least 3 characters"),
            ("s3:///prefix", "'' is not a valid bucket name"),
            ("s3://ab", "'ab' is not a valid bucket name: it must have at least 3 characters"),
            ("s3://-source", "'-source' is not a valid bucket name: it must begin and end with a letter or a digit"),
            (
                "s3://sour ce",
                "'sour ce' is not a valid bucket name: it may hold only letters, digits, hyphens and dots"
            ),
            ("s3://sou..rce", "'sou..rce' is not a valid bucket name: two dots may not stand beside each other"),
            ("s3://söurce", "'söurce' is not a valid bucket name: it may hold only letters"),
            ("s3://" + String(repeating: "a", count: 256), "it must have at most 63 characters"),
            (
                "s3://source/" + String(repeating: "a", count: 1025),
                "the prefix has 1025 bytes, and no key has more than 1024"
            ),
        ]
    )
    func location(text: String, message: String) async throws {
        for arguments in [["copy", text, "s3://destination"], ["copy", "s3://source", text], ["list", text]] {
            let outcome = try await brigade(arguments)
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
        }
    }

    @Test(
        "an endpoint that is no URL is told with what is wrong, and exit code 64",
        arguments: [
            ("127.0.0.1:9000", "it has no scheme; write http://HOST or https://HOST"),
            ("", "it has no scheme"),
            ("ftp://host", "its scheme is 'ftp'; only http and https are understood"),
            ("http://", "it names no host"),
            ("http://host:port", "'port' is not a port; ports are 1 to 65535"),
            ("http://host:0", "'0' is not a port"),
            ("http://host:65536", "'65536' is not a port"),
            ("http://ho st", "it holds a space"),
            ("http://host?a=b", "it has a query or a fragment"),
            ("http://::1", "an IPv6 address stands in brackets: http://[::1]:9000"),
            ("http://[::1", "a '[' of its host is not closed"),
            ("http://ho$t", "'ho$t' is not a host name"),
        ]
    )
    func endpoint(url: String, message: String) async throws {
        let outcome = try await brigade(["copy", "s3://source", "s3://destination", "--endpoint", url])
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("the endpoint '\(url)' (from the command line) cannot be used: \(message)"))
    }

    @Test("a password in an endpoint's URL is not taken, and not shown")
    func password() async throws {
        let outcome = try await brigade([
            "copy", "s3://source", "s3://destination", "--endpoint", "http://me:secret@host",
        ])
        #expect(outcome.status == 64)
        #expect(
            outcome.errors.contains(
                "the endpoint 'http://...@host' (from the command line) cannot be used: it has a user; give credentials by "
                    + "profile or environment"
            )
        )
        #expect(!outcome.errors.contains("secret"))
    }

    @Test("an endpoint in the environment that is no URL is told with its variable, and exit code 2")
    func endpointFromEnvironment() async throws {
        try await withTemporaryFolder { home in
            let environment = Bench.credentials.merging(["AWS_ENDPOINT_URL_S3": "127.0.0.1:9000"]) { own, _ in own }
            let outcome = try await BrigadeProcess(
                ["copy", "s3://source", "s3://destination"],
                home: home,
                environment: environment
            ).wait()
            #expect(outcome.status == 2)
            #expect(
                outcome.errors == "brigade: the endpoint '127.0.0.1:9000' (from AWS_ENDPOINT_URL_S3) cannot be used: "
                    + "it has no scheme; write http://HOST or https://HOST\n"
            )
        }
    }
}
