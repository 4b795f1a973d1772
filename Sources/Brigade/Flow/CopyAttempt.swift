internal import FlowControl

/// How one attempt to copy an object ended.
enum CopyAttempt: Sendable {
    /// With a verdict; `isAnswered` tells whether the service was asked.
    case verdict(CopyVerdict, isAnswered: Bool)
    /// With a failure that another attempt need not meet.
    case failed(RetryPolicy.Failure, CopyFailure)
}
