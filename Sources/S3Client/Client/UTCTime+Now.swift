private import Glibc
internal import S3Protocol

extension UTCTime {
    /// This machine's time, to the second.
    static var now: UTCTime { UTCTime(secondsSinceEpoch: time(nil)) }
}
