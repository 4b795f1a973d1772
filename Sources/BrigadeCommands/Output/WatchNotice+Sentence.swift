internal import Brigade

extension WatchNotice {
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
        case .unreachable(let time):
            "no answer has come for \(Quantity.duration(time)), and connections fail; the job tries again, and ends if "
                + "that goes on"
        case .reachable(let time): "the service answers again, after \(Quantity.duration(time))"
        case .localPorts(let left, let timeWait):
            "local ports run short: \(Quantity.count(left)) left towards one of the addresses, "
                + "\(Quantity.counted(timeWait, "connection")) in TIME_WAIT; "
                + "the job goes on with the connections that it has (ss -tanp shows who has the ports)"
        }
    }
}
