private import Crypto

/// The parts of a Signature Version 4 that stay the same from request to request: the signing key for a day, region and
/// credentials, and the texts of the second (Amazon S3 API Reference, "Signature Calculations for the Authorization
/// Header", tasks 2 and 3).
struct SigningKeyCache: Sendable {
    private struct Identity: Hashable {
        var credentials: Credentials
        var region: String
        var day: Int
    }

    /// The moment as `x-amz-date` writes it.
    private(set) var timestamp: [UInt8] = []
    /// `20130524/us-east-1/s3/aws4_request`.
    private(set) var scope: [UInt8] = []

    private var identity: Identity?
    /// HMAC with the signing key taken in, to be copied for each signature.
    private var keyed = HMAC<SHA256>(key: SymmetricKey(data: [UInt8]()))
    private var second: Int?
    private var stringToSign: [UInt8] = []

    /// Makes the key and the texts those of a moment, region and credentials; cheap when nothing changed.
    mutating func prepare(credentials: Credentials, region: String, time: UTCTime) {
        let identity = Identity(credentials: credentials, region: region, day: time.daysSinceEpoch)
        guard second != time.secondsSinceEpoch || self.identity != identity else { return }
        timestamp = time.basicFormat
        second = time.secondsSinceEpoch
        guard self.identity != identity else { return }
        self.identity = identity

        let date = timestamp[..<8]
        scope = Array(date) + Array("/\(region)/s3/aws4_request".utf8)
        var secret = SymmetricKey(data: Array("AWS4\(credentials.secretAccessKey)".utf8))
        for part in [Array(date), Array(region.utf8), Array("s3".utf8), Array("aws4_request".utf8)] {
            secret = SymmetricKey(data: Array(HMAC<SHA256>.authenticationCode(for: part, using: secret)))
        }
        keyed = HMAC(key: secret)
    }

    /// The signature of a canonical request, 32 bytes.
    mutating func signature(ofCanonicalRequest canonical: [UInt8]) -> some Sequence<UInt8> {
        stringToSign.removeAll(keepingCapacity: true)
        stringToSign.append(contentsOf: "AWS4-HMAC-SHA256\n".utf8)
        stringToSign.append(contentsOf: timestamp)
        stringToSign.append(UInt8(ascii: "\n"))
        stringToSign.append(contentsOf: scope)
        stringToSign.append(UInt8(ascii: "\n"))
        stringToSign.appendHexadecimal(SHA256.hash(data: canonical))
        var code = keyed
        code.update(data: stringToSign)
        return code.finalize()
    }
}
