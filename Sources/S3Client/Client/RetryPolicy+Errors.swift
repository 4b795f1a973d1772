public import FlowControl
internal import S3Protocol

extension RetryPolicy.Failure {
    /// What kind of failure an error of a request is.
    public init(_ error: any Error) {
        switch error {
        case let error as S3ResponseError where error.isThrottling: self = .throttled
        case let error as S3ResponseError: self = error.isRetryable ? .transient : .permanent
        case let error as S3ClientError: self = error.isRetryable ? .transient : .permanent
        default: self = .permanent
        }
    }
}
