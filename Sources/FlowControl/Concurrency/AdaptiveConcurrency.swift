/// Finds how many requests to have under way at once, from what the answers say and how long they take.
///
/// It looks at rounds, each of twice as many answers as requests may be under way: two round trips. While it ramps up,
/// each round doubles the limit, as long as throughput grows with it or latency holds. Then it stays, and looks every
/// few seconds whether a quarter more would bring anything. Where one answer in ten is a failure of the service, it falls
/// by a third, once a round, and is back within a few rounds when the failures are over. Rarer failures are noise, to
/// which fewer requests would be no remedy. A round in which fewer were under way than allowed says nothing about more.
public struct AdaptiveConcurrency: Sendable {
    /// What an answer says.
    public enum Outcome: Sendable {
        /// The service works, whatever it said of the object.
        case healthy
        /// The service asked for fewer requests, failed with a 5xx, hung up, or did not answer in time.
        case overloaded
    }

    private enum Phase {
        case ramp(throughput: Double)
        case steady
        case probe(from: Int, throughput: Double, rounds: Int)
        case recovery(to: Int)
    }

    private struct Round {
        var start: Duration
        var answers = 0
        var overloaded = 0
        var latency = Duration.zero
        var wasFull = false
    }

    /// With how many a ramp begins.
    public static let beginning = 32
    /// The share of failures that a fall takes.
    static let failureShare = 0.1
    /// A fall leaves two thirds.
    static let afterFall = (2, 3)
    /// No fall goes below.
    static let lowest = 4
    /// The gain in throughput that shows a doubling to be of use, and one that shows a probe to be.
    static let gainOfDoubling = 1.15
    static let gainOfProbe = 1.05
    /// The growth of latency that is none.
    static let latencyHeld = 1.25
    /// Times between probes: after the first without a gain, it doubles up to the last.
    static let probeIntervals = (first: Duration.seconds(2), last: Duration.seconds(32))

    /// How many requests may be under way now.
    public private(set) var limit: Int
    /// How many may ever be.
    public let ceiling: Int

    private var phase: Phase
    private var round: Round
    private var leastLatency = Double.infinity
    private var throughput = 0.0
    private var probeInterval = probeIntervals.first
    private var nextProbe: Duration

    /// Creates the control.
    ///
    /// - Parameters:
    ///   - ceiling: How many requests may ever be under way, at least 1.
    ///   - rampsUp: Whether it begins with few, or at the ceiling at once.
    ///   - now: The time since any fixed moment, as in every later call.
    public init(ceiling: Int, rampsUp: Bool, at now: Duration) {
        precondition(ceiling >= 1, "something may be under way")
        self.ceiling = ceiling
        limit = rampsUp ? min(ceiling, Self.beginning) : ceiling
        phase = rampsUp ? .ramp(throughput: 0) : .steady
        round = Round(start: now)
        nextProbe = now + probeInterval
    }

    /// A request was answered, or has failed.
    ///
    /// - Parameters:
    ///   - outcome: What that says.
    ///   - latency: How long it was under way.
    ///   - inFlight: How many were under way, this one included.
    ///   - now: The time.
    public mutating func answered(_ outcome: Outcome, after latency: Duration, inFlight: Int, at now: Duration) {
        round.answers += 1
        round.latency += latency
        if outcome == .overloaded { round.overloaded += 1 }
        if inFlight >= limit { round.wasFull = true }
        if round.answers >= 2 * limit, now > round.start { endRound(at: now) }
    }

    private mutating func endRound(at now: Duration) {
        let round = round
        self.round = Round(start: now)
        let seconds = (now - round.start) / .seconds(1)
        let healthy = round.answers - round.overloaded
        let throughput = Double(healthy) / seconds
        let latency = round.latency / .seconds(1) / Double(round.answers)
        leastLatency = min(leastLatency * 1.002, latency)
        if round.overloaded >= 3, Double(round.overloaded) >= Self.failureShare * Double(round.answers) {
            return fall(at: now)
        }
        switch phase {
        case .recovery(let former):
            limit = min(former, limit + max(1, limit / 2))
            if limit == former { stay(throughput, at: now) }
        case .ramp(let before):
            guard round.wasFull else { return }
            let grows = throughput >= before * Self.gainOfDoubling || latency <= leastLatency * Self.latencyHeld
            if grows, limit < ceiling {
                phase = .ramp(throughput: throughput)
                limit = min(ceiling, 2 * limit)
            } else {
                stay(throughput, at: now)
            }
        case .steady:
            self.throughput += (throughput - self.throughput) / 4
            guard round.wasFull, limit < ceiling, now >= nextProbe else { return }
            phase = .probe(from: limit, throughput: self.throughput, rounds: 0)
            limit = min(ceiling, limit + max(1, limit / 4))
        case .probe(let former, let before, let rounds):
            // The first round still has answers to what was sent before.
            guard rounds > 0 else {
                phase = .probe(from: former, throughput: before, rounds: 1)
                return
            }
            if round.wasFull, throughput >= before * Self.gainOfProbe {
                probeInterval = Self.probeIntervals.first
                phase = .ramp(throughput: throughput / Self.gainOfDoubling)
                self.throughput = throughput
            } else {
                limit = former
                probeInterval = min(Self.probeIntervals.last, probeInterval * 2)
                stay(before, at: now)
            }
        }
    }

    private mutating func fall(at now: Duration) {
        switch phase {
        case .recovery: break
        case .probe(let former, _, _): phase = .recovery(to: former)
        case .ramp, .steady: phase = .recovery(to: limit)
        }
        limit = max(min(Self.lowest, ceiling), limit * Self.afterFall.0 / Self.afterFall.1)
        probeInterval = Self.probeIntervals.first
    }

    private mutating func stay(_ throughput: Double, at now: Duration) {
        phase = .steady
        self.throughput = throughput
        nextProbe = now + probeInterval
    }
}
