/// An error that ends the whole job, since every other object would meet it too.
struct JobEndingError: Error {
    let cause: any Error

    /// S3's codes that speak of the bucket, the credentials, the account or the clock, and not of an object.
    static let codes: Set<String> = [
        "NoSuchBucket", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken",
        "RequestTimeTooSkewed", "AccountProblem", "AllAccessDisabled", "InvalidSecurity", "NotSignedUp",
        "TokenRefreshRequired",
    ]
}
