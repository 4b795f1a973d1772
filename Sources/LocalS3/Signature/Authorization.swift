import NIOHTTP1

/// A request's signature and what it was made with, from the `Authorization` header or the query of a presigned URL.
struct Authorization: Sendable {
    static let algorithm = "AWS4-HMAC-SHA256"

    /// Where the signature stood.
    enum Form: Sendable {
        case header
        /// Valid for so many seconds.
        case query(expires: Int64)
    }

    let form: Form
    let scope: CredentialScope
    /// Lower-case names in the order given.
    let signedHeaders: [Substring]
    /// 32 bytes.
    let signature: [UInt8]
    /// As the request gave it, for the string to sign.
    let time: String
    let date: Timestamp
    let payload: PayloadDeclaration
    /// As the canonical request has it.
    let payloadText: String

    /// Finds the signature of a request; `nil` when there is none.
    ///
    /// - Throws: `AuthorizationHeaderMalformed`, `AuthorizationQueryParametersError`, `AccessDenied`, `InvalidRequest`.
    static func find(in head: RequestHead, query: QueryParameters) throws(S3Error) -> Authorization? {
        if let header = head.headers.first(name: "Authorization") {
            guard !query.contains("X-Amz-Signature") else {
                throw .invalidRequest("Only one auth mechanism allowed")
            }
            return try Authorization(header: header, head: head)
        }
        if query.contains("X-Amz-Algorithm") || query.contains("X-Amz-Signature") {
            return try Authorization(query: query, head: head)
        }
        if query.contains("Signature"), query.contains("AWSAccessKeyId") { throw Self.unsupported }
        return nil
    }

    private static let unsupported = S3Error.invalidRequest(
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
    )

    private init(header: String, head: RequestHead) throws(S3Error) {
        guard header.hasPrefix(Self.algorithm + " ") else { throw Self.unsupported }
        var fields: [Substring: Substring] = [:]
        for field in header.dropFirst(Self.algorithm.count).split(separator: ",") {
            let pair = field.trimmingSpaces().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { fields[pair[0]] = pair[1] }
        }
        guard let credential = fields["Credential"], let names = fields["SignedHeaders"],
            let signatureText = fields["Signature"], let signature = ByteText.bytes(hex: signatureText),
            signature.count == 32
        else {
            throw .authorizationHeaderMalformed(
                "The authorization header is malformed; it needs Credential, SignedHeaders and a Signature of 64 "
                    + "hexadecimal digits."
            )
        }
        guard let scope = CredentialScope(credential) else {
            throw .authorizationHeaderMalformed(
                "The authorization header is malformed; the Credential is mal-formed; expecting "
                    + "\"<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request\"."
            )
        }
        guard let (time, date) = Self.time(of: head.headers) else {
            throw .accessDenied("AWS authentication requires a valid Date or x-amz-date header")
        }
        guard let payloadText = head.headers.first(name: "x-amz-content-sha256") else {
            throw .invalidRequest("Missing required header for this request: x-amz-content-sha256")
        }
        form = .header
        self.scope = scope
        self.signature = signature
        signedHeaders = names.split(separator: ";")
        (self.time, self.date) = (time, date)
        self.payloadText = payloadText
        payload = try PayloadDeclaration(payloadText)
        try checkScopeDate()
    }

    private init(query: QueryParameters, head: RequestHead) throws(S3Error) {
        guard query["X-Amz-Algorithm"] == Self.algorithm else {
            throw .authorizationQueryParametersError("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")
        }
        guard let credential = query["X-Amz-Credential"], let time = query["X-Amz-Date"],
            let expiresText = query["X-Amz-Expires"], let names = query["X-Amz-SignedHeaders"],
            let signatureText = query["X-Amz-Signature"]
        else {
            throw .authorizationQueryParametersError(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                    + "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
            )
        }
        guard let scope = CredentialScope(credential) else {
            throw .authorizationQueryParametersError(
                "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
                    + "\"<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request\"."
            )
        }
        guard let date = Timestamp(basic: time) else {
            throw .authorizationQueryParametersError(
                "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
            )
        }
        guard let expires = Int64(expiresText), (0...604_800).contains(expires) else {
            throw .authorizationQueryParametersError("X-Amz-Expires must be between 0 and 604800 seconds")
        }
        guard let signature = ByteText.bytes(hex: signatureText), signature.count == 32 else {
            throw .authorizationQueryParametersError("X-Amz-Signature must be 64 hexadecimal digits")
        }
        form = .query(expires: expires)
        self.scope = scope
        self.signature = signature
        signedHeaders = names.split(separator: ";")
        (self.time, self.date) = (time, date)
        payloadText =
            head.headers.first(name: "x-amz-content-sha256") ?? query["X-Amz-Content-Sha256"] ?? "UNSIGNED-PAYLOAD"
        payload = try PayloadDeclaration(payloadText)
        try checkScopeDate()
    }

    private func checkScopeDate() throws(S3Error) {
        guard time.hasPrefix(scope.date) else {
            throw .authorizationHeaderMalformed(
                "The authorization header is malformed; Invalid credential date \"\(scope.date)\". "
                    + "This date is not the same as X-Amz-Date: \"\(time.prefix(8))\"."
            )
        }
    }

    /// The time of a request, in the form that the string to sign has, from `x-amz-date` or else `Date`.
    private static func time(of headers: HTTPHeaders) -> (text: String, date: Timestamp)? {
        if let text = headers.first(name: "x-amz-date") {
            return Timestamp(basic: text).map { (text, $0) }
        }
        guard let text = headers.first(name: "Date") else { return nil }
        if let date = Timestamp(basic: text) { return (text, date) }
        return Timestamp(http: text).map { ($0.basic, $0) }
    }
}
