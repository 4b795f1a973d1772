internal import ArgumentParser
internal import LocalS3

/// One `--fault NAME=VALUE` of `brigade serve`.
struct FaultArgument: ExpressibleByArgument {
    /// Every name with what its value means, for the help.
    static let help = """
        What is to go wrong, as NAME=VALUE, any number of times. Shares of requests from 0 to 1: internal-error, reset, \
        error-in-body, truncated-page, delay (a share and a time, as 0.01:200ms). Shares of keys, always the same ones \
        with the same seed: refuse (a code and a share, as AccessDenied:0.01), corrupt-copy, lost-copy. Counts: \
        slow-down-above (requests a second), close-after (requests on a connection), expire-after (requests until the \
        credentials expire), short-page (keys), seed. A rate: slow-down-prefix (requests a second for the keys of a prefix, \
        as hot/:200). Times: close-idle-after, clock-offset. Text: deny-prefix, \
        copy-conditions (honoured, ignored, refused).
        """

    let apply: @Sendable (inout Faults) -> Void

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        let value = String(argument[argument.index(after: equals)...])
        guard let apply = Self.setter(named: String(argument[..<equals]), value: value) else { return nil }
        self.apply = apply
    }

    private static func setter(named name: String, value: String) -> (@Sendable (inout Faults) -> Void)? {
        switch name {
        case "internal-error": share(value) { $0.internalErrorProbability = $1 }
        case "reset": share(value) { $0.resetProbability = $1 }
        case "error-in-body": share(value) { $0.errorInBodyProbability = $1 }
        case "truncated-page": share(value) { $0.truncatedPageProbability = $1 }
        case "corrupt-copy": share(value) { $0.corruptCopyShare = $1 }
        case "lost-copy": share(value) { $0.lostCopyShare = $1 }
        case "delay": delay(value)
        case "refuse": refusal(value)
        case "copy-conditions": conditions(value)
        case "expire-after": count(value) { $0.expireAfterRequests = $1 }
        case "slow-down-above": count(value) { $0.slowDownAboveRequestsPerSecond = $1 }
        case "slow-down-prefix": prefixRate(value)
        case "close-after": count(value) { $0.closeAfterRequests = $1 }
        case "short-page": count(value) { $0.shortPageMaximum = $1 }
        case "seed": count(value) { $0.seed = UInt64($1) }
        case "close-idle-after": time(value) { $0.closeIdleAfter = $1 }
        case "clock-offset": time(value) { $0.clockOffset = $1 }
        case "deny-prefix": { $0.deniedKeyPrefixes.append(value) }
        default: nil
        }
    }

    private static func share(
        _ value: String,
        _ set: @escaping @Sendable (inout Faults, Double) -> Void
    ) -> (@Sendable (inout Faults) -> Void)? {
        guard let share = Double(value), (0...1).contains(share) else { return nil }
        return { set(&$0, share) }
    }

    /// Reads `PREFIX:RATE`.
    private static func prefixRate(_ value: String) -> (@Sendable (inout Faults) -> Void)? {
        guard let colon = value.lastIndex(of: ":"), let rate = Int(value[value.index(after: colon)...]), rate >= 1
        else {
            return nil
        }
        let prefix = PrefixRate(prefix: String(value[..<colon]), requestsPerSecond: rate)
        return { $0.slowDownPrefixes.append(prefix) }
    }

    /// Reads `SHARE:TIME`.
    private static func delay(_ value: String) -> (@Sendable (inout Faults) -> Void)? {
        guard let colon = value.firstIndex(of: ":"),
            let share = Double(value[..<colon]), (0...1).contains(share),
            let time = DurationArgument(argument: String(value[value.index(after: colon)...]))?.duration,
            time >= .zero
        else { return nil }
        return { faults in (faults.delayProbability, faults.delay) = (share, time) }
    }

    private static func conditions(_ value: String) -> (@Sendable (inout Faults) -> Void)? {
        guard let conditions = CopyConditions(rawValue: value) else { return nil }
        return { $0.copyConditions = conditions }
    }

    /// Reads `CODE:SHARE`.
    private static func refusal(_ value: String) -> (@Sendable (inout Faults) -> Void)? {
        guard let colon = value.lastIndex(of: ":"), colon > value.startIndex,
            let share = Double(value[value.index(after: colon)...]), (0...1).contains(share)
        else { return nil }
        let refusal = Refusal(code: String(value[..<colon]), share: share)
        return { $0.refusals.append(refusal) }
    }

    private static func count(
        _ value: String,
        _ set: @escaping @Sendable (inout Faults, Int) -> Void
    ) -> (@Sendable (inout Faults) -> Void)? {
        guard let count = Int(value), count >= 1 else { return nil }
        return { set(&$0, count) }
    }

    private static func time(
        _ value: String,
        _ set: @escaping @Sendable (inout Faults, Duration) -> Void
    ) -> (@Sendable (inout Faults) -> Void)? {
        guard let time = DurationArgument(argument: value)?.duration else { return nil }
        return { set(&$0, time) }
    }
}
