import Crypto
import NIOHTTP1

/// Checks the Signature V4 of requests, as S3 does.
final class SignatureVerifier: Sendable {
    /// How far a request's clock may be off, either way: 15 minutes, in milliseconds.
    static let allowedSkew: Int64 = 900_000

    private let credentials: [String: String]
    private let region: String
    private let keys: SigningKeyCache

    /// Takes secrets by access key; without any, nothing is checked.
    init(credentials: [String: String], region: String) {
        self.credentials = credentials
        self.region = region
        keys = SigningKeyCache(region: region)
    }

    /// Checks a request before its body.
    ///
    /// - Returns: what the request says of its body, which is still to be checked against it.
    /// - Throws: `AccessDenied`, `InvalidAccessKeyId`, `SignatureDoesNotMatch`, `RequestTimeTooSkewed`,
    ///   `AuthorizationHeaderMalformed` and its kin, as S3 does.
    func verify(_ head: RequestHead, target: RequestTarget, now: Timestamp) throws(S3Error) -> VerifiedRequest {
        if credentials.isEmpty {
            guard let text = head.headers.first(name: "x-amz-content-sha256") else {
                return VerifiedRequest(payload: .unsigned)
            }
            return VerifiedRequest(payload: try PayloadDeclaration(text))
        }
        guard let authorization = try Authorization.find(in: head, query: target.query) else { throw .accessDenied }
        let scope = authorization.scope
        guard scope.region == region else { throw .wrongRegion(scope.region, expected: region) }
        guard let secret = credentials[scope.accessKeyID] else { throw .invalidAccessKeyID(scope.accessKeyID) }
        try checkTime(of: authorization, now: now)
        let canonical = try CanonicalRequest.text(of: head, target: target, authorization: authorization)
        var toSign: [UInt8] = []
        toSign.reserveCapacity(256)
        for line in [Authorization.algorithm, authorization.time, scope.text] {
            toSign.append(contentsOf: line.utf8)
            toSign.append(UInt8(ascii: "\n"))
        }
        ByteText.appendHex(SHA256.hash(data: canonical), to: &toSign)
        let key = keys.key(accessKeyID: scope.accessKeyID, secret: secret, date: scope.date)
        // This comparison takes the same time wherever the first difference is.
        guard HMAC<SHA256>.isValidAuthenticationCode(authorization.signature, authenticating: toSign, using: key) else {
            throw S3Error(
                "SignatureDoesNotMatch",
                403,
                "The request signature we calculated does not match the signature you provided. "
                    + "Check your key and signing method.",
                [
                    S3Error.Detail("AWSAccessKeyId", scope.accessKeyID),
                    S3Error.Detail("StringToSign", toSign),
                    S3Error.Detail("SignatureProvided", ByteText.hex(authorization.signature)),
                    S3Error.Detail("CanonicalRequest", canonical),
                ]
            )
        }
        return VerifiedRequest(
            payload: authorization.payload,
            chunkSigning: ChunkSignatures(
                key: key,
                time: authorization.time,
                scope: scope.text,
                seed: authorization.signature
            )
        )
    }

    private func checkTime(of authorization: Authorization, now: Timestamp) throws(S3Error) {
        let ahead = authorization.date.milliseconds - now.milliseconds
        switch authorization.form {
        case .header:
            guard abs(ahead) <= Self.allowedSkew else {
                throw .requestTimeTooSkewed(authorization.time, now: now, allowed: Self.allowedSkew)
            }
        case .query(let expires):
            guard ahead <= Self.allowedSkew else { throw .accessDenied("Request is not yet valid") }
            let end = Timestamp(milliseconds: authorization.date.milliseconds + expires * 1000)
            guard now <= end else {
                throw .accessDenied(
                    "Request has expired",
                    [S3Error.Detail("Expires", end.iso8601), S3Error.Detail("ServerTime", now.iso8601)]
                )
            }
        }
    }
}
