import Crypto
import Foundation

/// A checksum that S3 can keep beside an object: which algorithm, over what, and its value.
struct Checksum: Sendable, Hashable, Codable {
    /// The algorithms of `x-amz-checksum-*`, by the names that S3's headers end in.
    enum Algorithm: String, Sendable, CaseIterable, Codable {
        case crc32, crc32c, crc64nvme, sha1, sha256

        /// The name in documents and in `x-amz-checksum-algorithm`.
        var documentName: String { rawValue.uppercased() }
        /// The element that carries the value in documents.
        var elementName: String { "Checksum" + documentName }
        /// The header that carries the value.
        var headerName: String { "x-amz-checksum-" + rawValue }

        init?(documentName: String) {
            self.init(rawValue: documentName.lowercased())
        }

        init?(headerName: String) {
            let prefix = "x-amz-checksum-"
            guard headerName.hasPrefix(prefix) else { return nil }
            self.init(rawValue: String(headerName.dropFirst(prefix.count)))
        }

        /// What S3 does with parts when the request does not say.
        var defaultKind: Kind { self == .crc64nvme ? .fullObject : .composite }

        /// Whether the value over a whole object can be kept for an upload in parts (the S3 API reference allows it
        /// for the CRCs alone).
        var allowsFullObject: Bool { self != .sha1 && self != .sha256 }
    }

    /// What a value covers.
    enum Kind: String, Sendable, Codable {
        /// All bytes of the object.
        case fullObject = "FULL_OBJECT"
        /// The values of the parts, one after the other.
        case composite = "COMPOSITE"
    }

    var algorithm: Algorithm
    var kind: Kind
    /// As S3 writes it: base 64, and for a composite `-` and the number of parts.
    var value: String

    /// Computes a checksum as the bytes arrive.
    struct Digest {
        private enum State {
            case crc(CyclicRedundancyCheck)
            case sha1(Insecure.SHA1)
            case sha256(SHA256)
        }

        private var state: State

        init(_ algorithm: Algorithm) {
            state =
                switch algorithm {
                case .crc32: .crc(CyclicRedundancyCheck(.crc32))
                case .crc32c: .crc(CyclicRedundancyCheck(.crc32c))
                case .crc64nvme: .crc(CyclicRedundancyCheck(.crc64nvme))
                case .sha1: .sha1(Insecure.SHA1())
                case .sha256: .sha256(SHA256())
                }
        }

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            switch state {
            case .crc(var digest):
                digest.update(bytes)
                state = .crc(digest)
            case .sha1(var digest):
                digest.update(bufferPointer: bytes)
                state = .sha1(digest)
            case .sha256(var digest):
                digest.update(bufferPointer: bytes)
                state = .sha256(digest)
            }
        }

        func finalize() -> [UInt8] {
            switch state {
            case .crc(let digest): digest.finalize()
            case .sha1(let digest): Array(digest.finalize())
            case .sha256(let digest): Array(digest.finalize())
            }
        }
    }

    /// The checksum of checksums that S3 keeps for an upload in parts, or `nil` when a part's value is not base 64.
    static func composite(_ algorithm: Algorithm, of parts: [Checksum]) -> Checksum? {
        var digest = Digest(algorithm)
        for part in parts {
            guard let bytes = Data(base64Encoded: part.value) else { return nil }
            bytes.withUnsafeBytes { digest.update($0) }
        }
        let value = Data(digest.finalize()).base64EncodedString()
        return Checksum(algorithm: algorithm, kind: .composite, value: "\(value)-\(parts.count)")
    }
}
