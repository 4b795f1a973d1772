/// What a peer sent that is not an HTTP/1.x answer.
public struct MalformedHTTP: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: String, Sendable {
        case notHTTP = "it does not begin with HTTP/1.1 and a status"
        case speaksTLS = "it speaks TLS"
        case headTooLarge = "its head is over 64 KiB"
        case badField = "a header field has no proper name"
        case badLength = "its content length is no number, or two that differ"
        case badTransferEncoding = "its transfer encoding is not 'chunked'"
        case badChunk = "a chunk has no proper size or end"
        case unexpectedBytes = "it sent bytes that no request asked for"
    }

    /// What is wrong.
    public let reason: Reason

    /// Creates an error of a kind.
    public init(_ reason: Reason) {
        self.reason = reason
    }

    /// The reason as a sentence.
    public var description: String { "the peer's answer is not HTTP: \(reason.rawValue)" }
}
