import FlowControl
import S3Protocol
import Testing

@testable import S3Client

@Suite("How a client is set up")
struct S3ClientConfigurationTests {
    private func refusal(_ change: (inout S3ClientConfiguration) throws -> Void) rethrows -> String? {
        var configuration = S3ClientConfiguration()
        try change(&configuration)
        do throws(S3ClientError) {
            try configuration.validate()
            return nil
        } catch {
            #expect(error.code == .configuration)
            return error.message
        }
    }

    @Test("the defaults are sound")
    func defaults() {
        #expect(refusal { _ in } == nil)
    }

    @Test("numbers have bounds, both included")
    func bounds() {
        #expect(refusal { $0.maximumConnections = 1 } == nil)
        #expect(refusal { $0.maximumConnections = 0 }?.contains("at least one connection") == true)
        #expect(refusal { $0.eventLoops = 1 } == nil)
        #expect(refusal { $0.eventLoops = 64 } == nil)
        #expect(refusal { $0.eventLoops = 0 }?.hasSuffix("not 0") == true)
        #expect(refusal { $0.eventLoops = 65 }?.hasSuffix("not 65") == true)
        #expect(refusal { $0.retry.maximumAttempts = 1 } == nil)
        #expect(refusal { $0.retry.maximumAttempts = 0 }?.contains("at least once") == true)
    }

    @Test("a region is what a signature's scope can hold", arguments: ["", " ", "eu west", "eu/west", "\u{E9}", "a\n"])
    func badRegion(region: String) {
        #expect(refusal { $0.region = region } == "'\(region)' is not a region's name; they look like eu-west-1")
    }

    @Test("a bucket cannot stand in front of an address")
    func addressing() throws {
        func refused(_ url: String, _ addressing: RequestTarget.Addressing?) throws -> Bool {
            try refusal {
                $0.endpoint = try Endpoint(url: url)
                $0.addressing = addressing
            } != nil
        }
        #expect(try refused("http://127.0.0.1:9000", .virtualHost))
        #expect(try refused("http://[::1]:9000", .virtualHost))
        #expect(try !refused("http://127.0.0.1:9000", .path))
        #expect(try !refused("http://127.0.0.1:9000", nil))
        #expect(try !refused("http://localhost:9000", .virtualHost))
    }

    @Test("settings are taken over, and what they leave open keeps its default")
    func settings() throws {
        let credentials = Credentials(accessKeyID: "ID", secretAccessKey: "secret")
        let full = try S3ClientConfiguration(
            ClientSettings(
                credentials: credentials,
                region: "eu-west-1",
                endpoint: "http://localhost:9000/",
                addressing: .virtualHost,
                caBundle: "/etc/ca.pem"
            )
        )
        #expect(full.credentials == credentials)
        #expect(full.region == "eu-west-1")
        #expect(full.endpoint?.description == "http://localhost:9000")
        #expect(full.addressing == .virtualHost)
        #expect(full.trust == .bundle("/etc/ca.pem"))

        let empty = try S3ClientConfiguration(ClientSettings(credentials: nil))
        #expect(empty.credentials == nil)
        #expect(empty.region == "us-east-1")
        #expect(empty.endpoint == nil)
        #expect(empty.addressing == nil)
        #expect(empty.trust == .system)
        #expect(empty.retry == RetryPolicy())
    }

    @Test("certificates that nobody checks need no bundle")
    func noVerification() throws {
        let settings = ClientSettings(credentials: nil, caBundle: "/etc/ca.pem", verifyTLS: false)
        #expect(try S3ClientConfiguration(settings).trust == .anything)
    }

    @Test("a bad endpoint is refused with the place that it was read from")
    func badEndpoint() throws {
        do throws(S3ClientError) {
            _ = try S3ClientConfiguration(ClientSettings(credentials: nil, endpoint: "localhost:9000"))
            Issue.record("the endpoint was taken")
        } catch {
            #expect(error.code == .configuration)
            #expect(error.message.contains("'localhost:9000'"))
            #expect(error.message.contains("it has no scheme"))
            #expect(error.message.contains("from "))
        }
    }

    @Test("failures are classed by who spoke of them")
    func failureClasses() {
        func failure(_ error: any Error) -> RetryPolicy.Failure { RetryPolicy.Failure(error) }
        #expect(failure(S3ResponseError(operation: .copyObject, status: 503, code: "SlowDown")) == .throttled)
        #expect(failure(S3ResponseError(operation: .copyObject, status: 500, code: "InternalError")) == .transient)
        #expect(failure(S3ResponseError(operation: .copyObject, status: 404, code: "NoSuchKey")) == .permanent)
        #expect(failure(S3ClientError(code: .timeout, message: "", isRetryable: true)) == .transient)
        #expect(failure(S3ClientError(code: .tls, message: "")) == .permanent)
        #expect(failure(CancellationError()) == .permanent)
    }
}
