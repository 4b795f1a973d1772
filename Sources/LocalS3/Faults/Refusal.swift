/// A share of the objects cannot be read, each for the same reason.
public struct Refusal: Sendable, Hashable {
    /// S3's error code, such as `AccessDenied`, `InvalidObjectState` or `KMS.DisabledException`.
    public var code: String
    /// The share of the keys that it befalls, from 0 to 1.
    public var share: Double

    /// Creates a refusal.
    public init(code: String, share: Double) {
        self.code = code
        self.share = share
    }

    /// What S3 answers: the statuses and messages of the API reference, "Error responses", where they are known.
    var error: S3Error {
        switch code {
        case "AccessDenied": .accessDenied
        case "InvalidObjectState":
            S3Error(code, 403, "The operation is not valid for the object's storage class")
        default: S3Error(code, 400, "The object is refused on purpose.")
        }
    }
}
