internal import S3Client
internal import S3Protocol

extension ClientStatistics {
    /// The requests by the operation's name, as a summary in JSON tells them.
    var requestsByName: [String: Int] {
        Dictionary(uniqueKeysWithValues: requests.map { ($0.key.description, $0.value) })
    }
}

extension Duration {
    /// The duration in seconds, to the millisecond, as a summary in JSON tells it.
    var roundedSeconds: Double { (self / .milliseconds(1)).rounded() / 1000 }
}
