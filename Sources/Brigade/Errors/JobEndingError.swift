internal import S3Client
internal import S3Protocol

/// An error that ends the whole job, since every other object would meet it too.
struct JobEndingError: Error {
    let cause: any Error

    /// The verdict on an object whose copy failed with an error of its own.
    ///
    /// - Throws: ``JobEndingError`` if the error is not the object's own.
    static func verdict(for error: any Error) throws(JobEndingError) -> CopyVerdict {
        switch error {
        case let error as S3ResponseError where endingCodes.contains(error.code): throw JobEndingError(cause: error)
        case let error as S3ClientError where error.code == .cancelled: throw JobEndingError(cause: error)
        default: return .failed(CopyFailure(error))
        }
    }

    /// S3's codes that speak of the bucket, the credentials or the account, and not of an object.
    private static let endingCodes: Set<String> = [
        "NoSuchBucket", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken",
        "RequestTimeTooSkewed", "AccountProblem",
    ]
}
