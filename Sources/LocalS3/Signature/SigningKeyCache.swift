import Crypto
import Synchronization

/// Keeps the keys that signatures of one day and region are checked with, since each costs four HMACs.
final class SigningKeyCache: Sendable {
    private struct Entry: Hashable {
        var accessKeyID: String
        var date: String
    }

    /// More days than clocks within fifteen minutes of each other can name, for a few access keys.
    private static let capacity = 64

    private let keys = Mutex<[Entry: SymmetricKey]>([:])
    private let region: String

    init(region: String) {
        self.region = region
    }

    /// The key of an access key and a day, which is eight digits.
    func key(accessKeyID: String, secret: String, date: String) -> SymmetricKey {
        let entry = Entry(accessKeyID: accessKeyID, date: date)
        if let key = keys.withLock({ $0[entry] }) { return key }
        let key = Self.derive(secret: secret, date: date, region: region)
        keys.withLock { keys in
            if keys.count >= Self.capacity { keys.removeAll(keepingCapacity: true) }
            keys[entry] = key
        }
        return key
    }

    /// Signature V4's derivation of a signing key.
    static func derive(secret: String, date: String, region: String) -> SymmetricKey {
        var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
        for part in [date, region, "s3", "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return key
    }
}
