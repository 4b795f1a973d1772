internal import Brigade
internal import S3Client

extension S3ClientConfiguration {
    /// The same with as many connections as the plan has, and with notices shown.
    func with(_ plan: ConcurrencyPlan, isQuiet: Bool) -> S3ClientConfiguration {
        var configuration = self
        configuration.maximumConnections = plan.maximumConnections
        configuration.connectionsAtFirst = plan.connectionsAtFirst
        if !isQuiet { configuration.onNotice = { StandardError.write("brigade: \($0.sentence)\n") } }
        return configuration
    }
}

extension S3ClientConfiguration.Notice {
    fileprivate var sentence: String {
        switch self {
        case .regionCorrected(let bucket, let from, let to):
            return "the bucket '\(bucket)' is in \(to), not \(from); signing for \(to) now"
        case .shortage(let reason):
            return "there is nothing to open another connection with; requests wait for those that are open: "
                + KeyText.escaped(reason)
        case .clockCorrected(let offset):
            let seconds = offset.components.seconds
            return "this machine's clock is \(Quantity.duration(.seconds(abs(seconds)))) "
                + "\(seconds < 0 ? "ahead of" : "behind") the server's; signing for the server's time now, "
                + "but the clock should be set right"
        }
    }
}
