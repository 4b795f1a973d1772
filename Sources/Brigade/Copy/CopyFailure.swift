internal import S3Client
internal import S3Protocol

/// Why an object could not be copied.
public struct CopyFailure: Sendable {
    /// S3's error code, or one of the client's own.
    public var code: String
    /// The whole story, for people.
    public var message: String

    /// Whether the service could not be reached at all, so that the object has nothing to do with it.
    var isUnreachable = false

    /// Whether nothing was answered in time.
    var isTimeout = false

    /// Creates a failure from its parts.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// Describes an error that the copy of an object ended with.
    init(_ error: any Error, on object: ListedObject) {
        self.init(error)
        guard let error = error as? S3ResponseError else { return }
        if error.code == "InvalidObjectState" {
            let storageClass = object.storageClass.map { " (\($0))" } ?? ""
            message = "it is archived\(storageClass), and has to be restored before it can be copied: \(error)"
        } else if error.code.hasPrefix("KMS.") {
            message = "an encryption key of the source or the destination cannot be used: \(error)"
        }
    }

    /// Describes an error that a copy ended with.
    init(_ error: any Error) {
        switch error {
        case let error as S3ResponseError: self.init(code: error.code, message: error.description)
        case let error as S3ClientError:
            self.init(code: error.code.description, message: error.description)
            isTimeout = error.code == .timeout
            isUnreachable = [.connect, .nameLookup, .tls, .timeout, .connectionClosed].contains(error.code)
        default: self.init(code: "unknown", message: "\(error)")
        }
    }
}
