/// An S3 server's own word that it did not do what it was asked: an error document, or a status without one.
public struct S3ResponseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The operation that was asked for.
    public var operation: S3Operation
    /// The HTTP status; it can be 200, since S3 reports failures of a copy that way too.
    public var status: Int
    /// S3's error code, such as `NoSuchKey`; for an answer without a document, a code of the same meaning.
    public var code: String
    /// S3's message for people; empty where it gave none.
    public var message: String
    /// What S3's support asks for: the `x-amz-request-id`.
    public var requestID: String?
    /// The region that the bucket is in, where the answer tells.
    public var region: String?

    /// The server's time when it answered, from its `Date` field.
    public var serverTime: UTCTime?

    /// Creates an error from its parts.
    public init(
        operation: S3Operation,
        status: Int,
        code: String,
        message: String = "",
        requestID: String? = nil,
        region: String? = nil
    ) {
        self.operation = operation
        self.status = status
        self.code = code
        self.message = message
        self.requestID = requestID
        self.region = region
    }

    /// Reads an answer that is no success; `nil` if its body is neither empty nor an error document of S3's.
    ///
    /// A peer that answers with such a body is something else than an S3 server: a proxy, a web page.
    ///
    /// - Parameters:
    ///   - operation: What was asked for.
    ///   - head: The answer's head.
    ///   - body: The answer's body, empty for HEAD.
    public init?(operation: S3Operation, head: ResponseHead, body: [UInt8]) {
        self.init(operation: operation, status: head.status, code: Self.code(for: head.status, operation))
        requestID = head.text("x-amz-request-id")
        region = head.text("x-amz-bucket-region")
        serverTime = head.text("date").flatMap { UTCTime(httpDate: $0) }
        if body.allSatisfy(\.isWhiteSpace) { return }
        guard let document = try? S3Document(body), document.isRooted("Error") else {
            guard head.status == 408 || head.status == 429 || (500...599).contains(head.status) else { return nil }
            message = "the answer has no error document of S3's, and may be a proxy's"
            return
        }
        code = document.text("Code") ?? code
        message = document.text("Message") ?? ""
        requestID = requestID ?? document.text("RequestId")
        region = region ?? document.text("Region")
    }

    /// What a status means when no document says more.
    private static func code(for status: Int, _ operation: S3Operation) -> String {
        switch status {
        case 301, 307: "PermanentRedirect"
        case 400: "BadRequest"
        case 401, 403: "AccessDenied"
        case 404: operation.isOnObject ? "NoSuchKey" : "NoSuchBucket"
        case 408: "RequestTimeout"
        case 409: "Conflict"
        case 412: "PreconditionFailed"
        case 429: "TooManyRequests"
        case 500: "InternalError"
        case 503: "ServiceUnavailable"
        default: "HTTP\(status)"
        }
    }

    /// Whether S3 asks for fewer requests a second.
    ///
    /// Source: Amazon S3 API Reference, "Error responses"; the names beside `SlowDown` are those of other services and
    /// servers that speak S3.
    public var isThrottling: Bool {
        switch code {
        case "SlowDown", "ServiceUnavailable", "TooManyRequests", "TooManyRequestsException", "Throttling",
            "ThrottlingException", "RequestLimitExceeded", "BandwidthLimitExceeded", "RequestThrottled", "Busy":
            true
        default: status == 503 || status == 429
        }
    }

    /// Whether the same request may succeed when it is sent again.
    ///
    /// Every 5xx is (S3 User Guide, "Best practices design patterns"), with the exception of 501, which says that the
    /// server has no such operation.
    public var isRetryable: Bool {
        if isThrottling { return true }
        switch code {
        case "InternalError", "RequestTimeout", "OperationAborted", "ConditionalRequestConflict", "BadDigest",
            "IncompleteBody", "RequestTimeoutException":
            return true
        case "NotImplemented": return false
        default: return status >= 500 && status != 501
        }
    }

    /// The code, the message, the operation and the request's identifier.
    public var description: String {
        var text = "\(operation): \(code)"
        if !message.isEmpty { text += ": \(message)" }
        text += " (HTTP \(status)"
        if let requestID { text += ", request \(requestID)" }
        return text + ")"
    }
}
