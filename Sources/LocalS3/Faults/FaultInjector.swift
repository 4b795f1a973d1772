/// Decides which request goes wrong, and how.
struct FaultInjector: Sendable {
    /// What happens to one request.
    enum Fault: String, Sendable {
        case internalError, slowDown, errorInBody, expired
        case resetBefore, resetAfter
        case connectionClosedInPage, incompletePage
    }

    /// What is to go wrong; the sequence begins anew when it is set.
    var faults: Faults {
        didSet {
            generator = SeededGenerator(seed: faults.seed)
            second = .min
            requests = 0
        }
    }

    private var generator: SeededGenerator
    private var second: Int64 = .min
    private var requestsInSecond = 0
    /// The same for each of the prefixes that have a rate.
    private var prefixRequestsInSecond: [Int] = []
    private var requests = 0

    init(_ faults: Faults) {
        self.faults = faults
        generator = SeededGenerator(seed: faults.seed)
    }

    /// Decides about the next request, by any clock that stays the same.
    mutating func next(for operation: Operation?, key: ObjectKey? = nil, now: Timestamp) -> Fault? {
        if let limit = faults.expireAfterRequests {
            requests += 1
            if requests > limit { return .expired }
        }
        if isTooFast(key, now: now) { return .slowDown }
        if happens(faults.resetProbability) { return Bool.random(using: &generator) ? .resetBefore : .resetAfter }
        if happens(faults.internalErrorProbability) { return .internalError }
        guard let operation else { return nil }
        if operation.mayFailInBody, happens(faults.errorInBodyProbability) { return .errorInBody }
        if operation.isListing, happens(faults.truncatedPageProbability) {
            return Bool.random(using: &generator) ? .connectionClosedInPage : .incompletePage
        }
        return nil
    }

    /// How long the next answer is held back.
    mutating func nextDelay() -> Duration { happens(faults.delayProbability) ? faults.delay : .zero }

    /// Counts a request, and tells whether it is one too many in its second.
    private mutating func isTooFast(_ key: ObjectKey?, now: Timestamp) -> Bool {
        guard faults.slowDownAboveRequestsPerSecond != nil || !faults.slowDownPrefixes.isEmpty else { return false }
        if now.seconds != second {
            (second, requestsInSecond) = (now.seconds, 0)
            prefixRequestsInSecond = Array(repeating: 0, count: faults.slowDownPrefixes.count)
        }
        requestsInSecond += 1
        if let limit = faults.slowDownAboveRequestsPerSecond, requestsInSecond > limit { return true }
        guard let key,
            let index = faults.slowDownPrefixes.firstIndex(where: { key.bytes.starts(with: $0.prefix.utf8) })
        else { return false }
        prefixRequestsInSecond[index] += 1
        return prefixRequestsInSecond[index] > faults.slowDownPrefixes[index].requestsPerSecond
    }

    private mutating func happens(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &generator) < probability
    }
}
