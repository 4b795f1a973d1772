import Crypto

/// Checks the signatures of an `aws-chunked` body, each of which covers the one before (S3 API reference,
/// "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks").
struct ChunkSignatures: Sendable {
    private static let emptyDigest = ByteText.hex(SHA256.hash(data: [UInt8]()))

    private let key: SymmetricKey
    private let time: String
    private let scope: String
    private var previous: String

    /// Begins with the signature of the request itself.
    init(key: SymmetricKey, time: String, scope: String, seed: [UInt8]) {
        self.key = key
        self.time = time
        self.scope = scope
        previous = ByteText.hex(seed)
    }

    /// Whether a chunk with this digest of its data has this signature; a right one is what the next continues.
    mutating func accepts(chunk digest: some Sequence<UInt8>, signature: [UInt8]) -> Bool {
        accepts(
            ["AWS4-HMAC-SHA256-PAYLOAD", time, scope, previous, Self.emptyDigest, ByteText.hex(digest)],
            signature: signature
        )
    }

    /// Whether the trailing headers, each with a line feed after it, have this signature.
    mutating func accepts(trailer: [UInt8], signature: [UInt8]) -> Bool {
        accepts(
            ["AWS4-HMAC-SHA256-TRAILER", time, scope, previous, ByteText.hex(SHA256.hash(data: trailer))],
            signature: signature
        )
    }

    private mutating func accepts(_ lines: [String], signature: [UInt8]) -> Bool {
        let toSign = Array(lines.joined(separator: "\n").utf8)
        guard HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: toSign, using: key) else {
            return false
        }
        previous = ByteText.hex(signature)
        return true
    }
}
