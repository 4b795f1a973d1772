/// What ends a copy before its end.
extension BrigadeError {
    /// Whatever was tried would fail for the same reason.
    static func allWouldFail(_ cause: any Error) -> BrigadeError {
        BrigadeError(
            code: .destinationUnavailable,
            message: "copying stopped, since every object would fail alike: \(cause)",
            cause: cause
        )
    }

    /// The service is gone.
    static func unreachable(_ failure: CopyFailure) -> BrigadeError {
        BrigadeError(
            code: .destinationUnavailable,
            message: "copying stopped, since the service could not be reached any more: \(failure.message)"
        )
    }

    /// Not one object could be copied, and all were refused alike.
    static func allRefused(_ failure: CopyFailure, _ job: CopyJob) -> BrigadeError {
        BrigadeError(
            code: .destinationUnavailable,
            message: "copying stopped, since the first \(OpeningFailures.limit) objects were all refused and none was "
                + "copied; to copy, the credentials need to read the objects of \(job.source) and to write to "
                + "\(job.destination), with their tags and keys of encryption: \(failure.message)"
        )
    }
}
