/// What keeps a job from starting, or ends it before its end.
///
/// What befalls single objects is a ``CopyFailure``.
public struct BrigadeError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// The job contradicts itself or the rules of S3.
        case invalidJob
        /// The source cannot be listed.
        case sourceUnavailable
        /// The destination cannot be written to.
        case destinationUnavailable
        /// Listing broke off; what was listed until then has been dealt with, what comes after it has not.
        case listingFailed
        /// The server does not list in byte order, and the job needs it or it was found out too late.
        case notInByteOrder
        /// Whoever was to receive what was listed failed; the cause is its error.
        case receiverFailed
        /// What has to wait for keys before it cannot be kept in a temporary file.
        case spoolFailed
        /// The job's journal cannot be read or written; a job does not go on without it.
        case journalFailed
        /// No journal says so, or several do: which job is meant is not known.
        case noSuchJob
        /// Another process runs the job.
        case jobRunning
    }

    /// The kind of failure.
    public var code: Code
    /// What failed, why, and what can be done about it.
    public var message: String
    /// The error beneath, where there is one.
    public var cause: (any Error)?

    /// Creates an error.
    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message.
    public var description: String { message }
}
