import Foundation
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Testing

/// A server that the conformance cases run on.
enum TestedServer: String, Sendable, CustomTestStringConvertible {
    /// The embedded server: in memory, on a folder, and behind TLS. It always checks signatures here.
    case memory, folder, tls
    /// Servers of other people, which Tests/Servers/with_servers.py runs.
    case seaweedfs, moto, rclone

    /// Those that a test starts itself.
    static let embedded: [TestedServer] = [.memory, .folder, .tls]
    /// Those that have to be running.
    static let foreign: [TestedServer] = [.seaweedfs, .moto, .rclone]

    var testDescription: String { rawValue }

    /// How to reach a server, as with_servers.py describes it.
    struct Address: Decodable, Sendable {
        var endpoint: String
        var accessKey: String
        var secretKey: String
        var region: String
        var checksSignatures: Bool
        /// The authority that signed the server's certificate.
        var caBundle: String?
    }

    /// The servers that run beside the tests, by name; `nil` when none were started.
    static let running: [String: Address]? = {
        guard let text = ProcessInfo.processInfo.environment["BRIGADE_TEST_SERVERS"] else { return nil }
        do {
            return try JSONDecoder().decode([String: Address].self, from: Data(text.utf8))
        } catch {
            preconditionFailure("BRIGADE_TEST_SERVERS is not what with_servers.py writes: \(error)")
        }
    }()

    /// Runs a case on the server, in a bucket of its own.
    func stage(_ body: (Stage) async throws -> Void) async throws {
        if Self.foreign.contains(self) {
            let address = try #require(Self.running?[rawValue], "BRIGADE_TEST_SERVERS has no \(rawValue)")
            return try await Stage.run(on: self, at: address, body)
        }
        try await withTemporaryFolder { folder in
            var configuration = LocalS3Configuration()
            configuration.credentials = ["CONFORMANCE": "a+secret/of=the:tests"]
            if self == .folder { configuration.storage = .directory(folder + "/data") }
            var certificate: TestCertificate?
            if self == .tls {
                let made = try TestCertificate(in: folder)
                configuration.tls = .init(certificateChainFile: made.certificateFile, privateKeyFile: made.keyFile)
                certificate = made
            }
            try await withLocalS3(configuration) { server in
                let address = Address(
                    endpoint: server.endpoint,
                    accessKey: "CONFORMANCE",
                    secretKey: "a+secret/of=the:tests",
                    region: "us-east-1",
                    checksSignatures: true,
                    caBundle: certificate?.certificateFile
                )
                try await Stage.run(on: self, at: address, body)
            }
        }
    }
}
