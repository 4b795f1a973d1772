internal import S3Client
internal import S3Protocol

/// What a job needs a bucket for.
enum BucketUse {
    /// To be listed, and no more.
    case listing
    /// To be copied from.
    case source
    /// To be copied to.
    case destination

    private var name: String {
        switch self {
        case .listing: "bucket"
        case .source: "source bucket"
        case .destination: "destination bucket"
        }
    }

    private var need: String { self == .destination ? "be written to" : "be listed" }

    /// Tells of a bucket that cannot be used from the start, and what the user can do.
    ///
    /// - Parameters:
    ///   - bucket: Its name.
    ///   - client: The client that tried.
    ///   - cause: What that ended with.
    /// - Returns: An error with the code `destinationUnavailable` for a destination, `sourceUnavailable` otherwise.
    func failure(of bucket: BucketName, with client: S3Client, cause: any Error) -> BrigadeError {
        BrigadeError(
            code: self == .destination ? .destinationUnavailable : .sourceUnavailable,
            message: explain(cause, bucket: "the \(name) '\(bucket)'", with: client.configuration),
            cause: cause
        )
    }

    private func explain(_ error: any Error, bucket: String, with configuration: S3ClientConfiguration) -> String {
        let place = configuration.endpoint.map { "at \($0)" } ?? "on Amazon S3"
        guard let error = error as? S3ResponseError else { return "\(bucket) cannot \(need): \(error)" }
        switch error.code {
        case "NoSuchBucket":
            let check = "check its name and the endpoint"
            let remedy = self == .destination ? "make it first, or \(check)" : check
            let doubt = error.message.isEmpty && error.requestID == nil ? ", or what answers there is no S3 server" : ""
            return "\(bucket) does not exist \(place)\(doubt); \(remedy)"
        case "InvalidAccessKeyId", "SignatureDoesNotMatch":
            return "the credentials were refused \(place) (\(error.code)); check the access key and its secret, "
                + "and which profile or environment variable they come from"
        case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
            return "the session token was refused \(place) (\(error.code)); get new temporary credentials"
        case "AccessDenied" where configuration.credentials == nil:
            return "\(bucket) cannot \(need) without credentials \(place)"
        case "AccessDenied":
            return "the credentials do not allow \(bucket) to \(need) \(place) (\(error))"
        case "RequestTimeTooSkewed":
            return "this machine's clock and the server's differ by more than S3 allows, and signing for the server's "
                + "time did not help; set the clock right (\(error))"
        default:
            return "\(bucket) cannot \(need): \(error)"
        }
    }
}
