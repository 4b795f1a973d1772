internal import Brigade

extension LimitWatch.Notice {
    /// Tells of it on standard error.
    func show(isQuiet: Bool) {
        if !isQuiet { StandardError.write("brigade: \(sentence)\n") }
    }

    /// The notice as a person reads it.
    var sentence: String {
        switch self {
        case .descriptors(let inUse, let limit):
            "descriptors run short: \(Quantity.count(inUse)) of \(Quantity.count(limit)) are open; "
                + "the job goes on with the connections that it has"
        case .localPorts(let left, let timeWait):
            "local ports run short: \(Quantity.count(left)) left towards one of the addresses, "
                + "\(Quantity.counted(timeWait, "connection")) in TIME_WAIT; "
                + "the job goes on with the connections that it has (ss -tanp shows who has the ports)"
        }
    }
}
