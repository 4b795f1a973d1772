import NIOHTTP1

/// What `x-amz-content-sha256` says of a body.
enum PayloadDeclaration: Sendable, Equatable {
    /// The body has this SHA-256 digest.
    case digest([UInt8])
    /// The signature does not cover the body.
    case unsigned
    /// The body comes in the chunks of `aws-chunked`.
    case chunks(areSigned: Bool, haveTrailer: Bool)

    /// Whether the body comes in the chunks of `aws-chunked`.
    var isChunked: Bool {
        if case .chunks = self { true } else { false }
    }

    /// - Throws: `InvalidArgument` when it is neither a digest nor one of the names.
    init(_ value: String) throws(S3Error) {
        switch value {
        case "UNSIGNED-PAYLOAD": self = .unsigned
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": self = .chunks(areSigned: true, haveTrailer: false)
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": self = .chunks(areSigned: true, haveTrailer: true)
        case "STREAMING-UNSIGNED-PAYLOAD-TRAILER": self = .chunks(areSigned: false, haveTrailer: true)
        default:
            guard value.utf8.count == 64, let bytes = ByteText.bytes(hex: value) else {
                throw .invalidArgument(
                    "x-amz-content-sha256",
                    value,
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
                        + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-UNSIGNED-PAYLOAD-TRAILER or a valid "
                        + "sha256 value."
                )
            }
            self = .digest(bytes)
        }
    }
}
