private import Crypto

/// Writes S3 requests as HTTP/1.1 bytes, signed with Signature Version 4 in the header form.
///
/// The encoder keeps its buffers and the day's signing key, so that writing the next request allocates little; use one
/// per connection or event loop. What is signed is exactly what is written: the path is encoded once and never
/// normalised, as S3 asks in difference to other services (Amazon S3 API Reference, "Signature Calculations for the
/// Authorization Header").
public struct RequestEncoder: Sendable {
    /// SHA-256 of no bytes, in hexadecimal.
    private static let emptyPayloadHash = Array(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".utf8
    )
    /// What stands in the hash's place where the payload is not hashed.
    private static let unsignedPayload = Array("UNSIGNED-PAYLOAD".utf8)

    private var path: [UInt8] = []
    private var query: [UInt8] = []
    private var names: [UInt8] = []
    private var canonical: [UInt8] = []
    private var signer: SigningKeyCache
    private let userAgent: String

    /// Creates an encoder.
    ///
    /// - Parameter userAgent: What to send as `user-agent`; it is not signed.
    public init(userAgent: String) {
        self.userAgent = userAgent
        self.signer = SigningKeyCache()
    }

    /// Appends one request, head and payload, to `output`.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - target: Where to.
    ///   - credentials: Whom to sign for; `nil` sends the request unsigned (anonymous).
    ///   - time: The moment to sign for, by the server's clock; S3 refuses one that is over 15 minutes off.
    ///   - output: Where to write; what it holds already stays.
    public mutating func encode(
        _ request: S3Request,
        to target: RequestTarget,
        credentials: Credentials?,
        at time: UTCTime,
        into output: inout [UInt8]
    ) {
        writePath(request, target)
        writeQuery(request)
        output.append(request.method.rawValue)
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: path)
        if !query.isEmpty {
            output.append(UInt8(ascii: "?"))
            output.append(contentsOf: query)
        }
        output.append(" HTTP/1.1\r\n")

        var fields: [S3Request.Header] = []
        fields.reserveCapacity(request.headers.count + 4)
        fields.append(S3Request.Header("host", target.authority(for: request.bucket)))
        fields.append(contentsOf: request.headers)
        if let credentials {
            sign(request, &fields, for: target, with: credentials, at: time, into: &output)
        } else {
            for field in fields { output.appendField(field) }
        }
        output.append("user-agent: ")
        output.append(userAgent)
        let payload = request.payload.bytes
        if request.method == .put || request.method == .post {
            output.append("\r\ncontent-length: ")
            output.appendDecimal(payload.count)
        }
        output.append("\r\n\r\n")
        output.append(contentsOf: payload)
    }

    // MARK: - The request line

    private mutating func writePath(_ request: S3Request, _ target: RequestTarget) {
        path.removeAll(keepingCapacity: true)
        path.append(target.endpoint.basePath)
        if target.addressing == .path, let bucket = request.bucket {
            path.append(UInt8(ascii: "/"))
            path.append(bucket.description)
        }
        if let key = request.key {
            path.append(UInt8(ascii: "/"))
            path.appendPercentEncoded(key.bytes, keepingSlashes: true)
        } else if path.isEmpty {
            path.append(UInt8(ascii: "/"))
        }
    }

    /// Writes the query in canonical order, which is that of the encoded names; no operation here repeats a name.
    private mutating func writeQuery(_ request: S3Request) {
        query.removeAll(keepingCapacity: true)
        guard !request.query.isEmpty else { return }
        for item in request.query.sorted(by: { $0.name < $1.name }) {
            if !query.isEmpty { query.append(UInt8(ascii: "&")) }
            query.appendPercentEncoded(item.name.utf8, keepingSlashes: false)
            query.append(UInt8(ascii: "="))
            query.appendPercentEncoded(item.value, keepingSlashes: false)
        }
    }

    // MARK: - The signature

    private mutating func sign(
        _ request: S3Request,
        _ fields: inout [S3Request.Header],
        for target: RequestTarget,
        with credentials: Credentials,
        at time: UTCTime,
        into output: inout [UInt8]
    ) {
        signer.prepare(credentials: credentials, region: target.region, time: time)
        let payloadHash: [UInt8]
        switch request.payload {
        case .none: payloadHash = Self.emptyPayloadHash
        case .unsigned: payloadHash = Self.unsignedPayload
        case .signed(let bytes):
            var hash = [UInt8]()
            hash.appendHexadecimal(SHA256.hash(data: bytes))
            payloadHash = hash
        }
        fields.append(S3Request.Header("x-amz-content-sha256", payloadHash))
        fields.append(S3Request.Header("x-amz-date", signer.timestamp))
        if let token = credentials.sessionToken { fields.append(S3Request.Header("x-amz-security-token", token)) }
        // Names are ASCII, for which the order of strings is that of their bytes.
        fields.sort { $0.name < $1.name }

        canonical.removeAll(keepingCapacity: true)
        canonical.append(request.method.rawValue)
        canonical.append(UInt8(ascii: "\n"))
        canonical.append(contentsOf: path)
        canonical.append(UInt8(ascii: "\n"))
        canonical.append(contentsOf: query)
        canonical.append(UInt8(ascii: "\n"))
        names.removeAll(keepingCapacity: true)
        for field in fields {
            output.appendField(field)
            canonical.append(field.name)
            canonical.append(UInt8(ascii: ":"))
            canonical.appendFolded(field.value)
            canonical.append(UInt8(ascii: "\n"))
            if !names.isEmpty { names.append(UInt8(ascii: ";")) }
            names.append(field.name)
        }
        canonical.append(UInt8(ascii: "\n"))
        canonical.append(contentsOf: names)
        canonical.append(UInt8(ascii: "\n"))
        canonical.append(contentsOf: payloadHash)

        output.append("authorization: AWS4-HMAC-SHA256 Credential=")
        output.append(credentials.accessKeyID)
        output.append(UInt8(ascii: "/"))
        output.append(contentsOf: signer.scope)
        output.append(", SignedHeaders=")
        output.append(contentsOf: names)
        output.append(", Signature=")
        let signature = signer.signature(ofCanonicalRequest: canonical)
        // The digest's own iterator takes half as many instructions again.
        signature.withUnsafeBytes { output.appendHexadecimal($0) }
        output.append("\r\n")
    }
}

extension Array<UInt8> {
    fileprivate mutating func appendField(_ field: S3Request.Header) {
        append(field.name)
        append(UInt8(ascii: ":"))
        append(UInt8(ascii: " "))
        append(contentsOf: field.value)
        append(UInt8(ascii: "\r"))
        append(UInt8(ascii: "\n"))
    }

    /// Appends a field's value in its canonical form: no white space at its ends, one space where there was a run of it.
    private mutating func appendSpaceFolded(_ value: [UInt8]) {
        var pendingSpace = false
        var any = false
        for byte in value {
            if byte.isWhiteSpace {
                pendingSpace = any
            } else {
                if pendingSpace { append(UInt8(ascii: " ")) }
                append(byte)
                pendingSpace = false
                any = true
            }
        }
    }

    fileprivate mutating func appendFolded(_ value: [UInt8]) {
        // Most values hold no white space at all; those are copied in one go.
        if value.contains(where: \.isWhiteSpace) {
            appendSpaceFolded(value)
        } else {
            append(contentsOf: value)
        }
    }
}
