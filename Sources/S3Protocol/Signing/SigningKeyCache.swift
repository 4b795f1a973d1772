internal import Crypto

/// The parts of a Signature Version 4 that stay the same from request to request: the signing key for a day, region and
/// credentials, and the texts of the second (Amazon S3 API Reference, "Signature Calculations for the Authorization
/// Header", tasks 2 and 3).
struct SigningKeyCache: Sendable {
    /// What the key and the scope are made from.
    private struct Identity: Hashable {
        var credentials: Credentials
        var region: String
        var day: Int

        /// Compares without making another identity, since that is done for every request.
        func matches(_ credentials: Credentials, _ region: String, _ day: Int) -> Bool {
            self.day == day && self.region == region && self.credentials == credentials
        }
    }

    /// The moment as `x-amz-date` writes it.
    private(set) var timestamp: [UInt8] = []
    /// `20130524/us-east-1/s3/aws4_request`.
    private(set) var scope: [UInt8] = []

    private var identity: Identity?
    private var second: Int?
    /// The hashes of which HMAC consists (RFC 2104, section 2), each with its half of the key taken in: copying both for
    /// each signature saves two blocks in five.
    private var innerKeyed = SHA256()
    private var outerKeyed = SHA256()
    /// `innerKeyed` with all of the string to sign taken in that stays the same for a second.
    private var inner = SHA256()
    private var hexadecimal: [UInt8] = []

    /// Makes the key and the texts those of a moment, region and credentials; cheap when nothing changed.
    mutating func prepare(credentials: Credentials, region: String, time: UTCTime) {
        let day = time.daysSinceEpoch
        let isSameKey = identity?.matches(credentials, region, day) ?? false
        guard second != time.secondsSinceEpoch || !isSameKey else { return }
        timestamp = time.basicFormat
        second = time.secondsSinceEpoch
        if !isSameKey {
            identity = Identity(credentials: credentials, region: region, day: day)
            makeKey(secret: credentials.secretAccessKey, region: region)
        }
        inner = innerKeyed
        for part in [Array("AWS4-HMAC-SHA256\n".utf8), timestamp, [0x0A], scope, [0x0A]] { inner.update(data: part) }
    }

    private mutating func makeKey(secret: String, region: String) {
        let date = Array(timestamp[..<8])
        scope = date + Array("/\(region)/s3/aws4_request".utf8)
        var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
        for part in [date, Array(region.utf8), Array("s3".utf8), Array("aws4_request".utf8)] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: part, using: key))
        }
        // The key has the 32 bytes of a hash, and is filled up to the hash's block with zeros.
        let zeros = repeatElement(UInt8(0), count: SHA256.blockByteCount - SHA256.byteCount)
        let block = key.withUnsafeBytes { Array($0) } + zeros
        innerKeyed = SHA256()
        innerKeyed.update(data: block.map { $0 ^ 0x36 })
        outerKeyed = SHA256()
        outerKeyed.update(data: block.map { $0 ^ 0x5C })
    }

    /// The signature of a canonical request, 32 bytes.
    ///
    /// It is HMAC, written out, so that the beginning of the text can be kept: a seventh of what signing takes is saved.
    mutating func signature(ofCanonicalRequest canonical: [UInt8]) -> SHA256Digest {
        var hash = SHA256()
        canonical.withUnsafeBytes { hash.update(bufferPointer: $0) }
        hexadecimal.removeAll(keepingCapacity: true)
        hash.finalize().withUnsafeBytes { hexadecimal.appendHexadecimal($0) }
        var (inner, outer) = (inner, outerKeyed)
        hexadecimal.withUnsafeBytes { inner.update(bufferPointer: $0) }
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize()
    }
}
