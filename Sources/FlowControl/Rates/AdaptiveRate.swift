/// Finds the rate at which a part of the keyspace takes requests, from the answers that ask for fewer.
///
/// A rate begins with a fall: the rate is set to nine tenths of what was accepted during the last second. From there it
/// follows a cubic curve, as TCP's CUBIC does (RFC 9438, section 4.2) and the AWS SDKs' adaptive mode: it comes back to
/// the old rate within ``recovery``, stays close to it for a while, and then looks further and further beyond. So it is
/// just below what the server takes most of the time, and finds soon that the server takes more, as S3 does when it has
/// split a partition. It falls at most once per round trip, and only when more than a few answers in a hundred ask for it
/// (``ThrottledShare``): what is rarer says nothing about the rate, and changes nothing.
public struct AdaptiveRate: Sendable {
    /// The time within which a rate is back where it fell from.
    public static let recovery = Duration.seconds(2)
    /// What a fall leaves of what was accepted.
    static let afterFall = 0.9
    /// What a fall leaves of a rate at the least: a service that counts by the second refuses all for the rest of one.
    static let leastAfterFall = 0.5
    /// How long what is accepted is counted before it says what the service takes.
    static let measure = Duration.seconds(1)
    /// The least time between two falls; a longer round trip is the least then.
    static let betweenFalls = Duration.milliseconds(250)
    /// No rate falls below so many a second.
    static let lowest = 5.0
    /// A rate that has come to so many times of where it fell from limits nothing any more.
    static let beyondNeed = 8.0
    /// How often a rate is reckoned anew.
    static let step = Duration.milliseconds(20)
    /// What timers may be late without that the rate suffers: what was not used for longer is lost.
    static let lateness = Duration.milliseconds(20)

    /// Requests a second.
    public private(set) var perSecond: Double

    private var fallenFrom: Double
    private var begun: Duration
    private var accepted: RecentCount
    /// How far along its curve the rate is, in units of ``recovery``.
    private var progress = 0.0
    private var reckoned: Duration
    private var lastFall: Duration
    private(set) var lastThrottled: Duration
    private var share = ThrottledShare()
    private var interval = Duration.zero
    private var next: Duration

    /// Begins with the fall.
    ///
    /// - Parameters:
    ///   - acceptedPerSecond: What was accepted before, as far as it is known.
    ///   - now: The time since any fixed moment, as in every later call.
    public init(acceptedPerSecond: Double, at now: Duration) {
        perSecond = 0
        fallenFrom = max(acceptedPerSecond, Self.lowest)
        begun = now
        accepted = RecentCount(at: now)
        reckoned = now
        lastFall = now
        lastThrottled = now
        next = now
        set(fallenFrom * Self.afterFall)
    }

    /// Whether nothing was throttled for so long that the rate is of no use any more.
    public mutating func isOver(at now: Duration) -> Bool {
        reckon(at: now)
        return perSecond >= Self.beyondNeed * fallenFrom
    }

    /// When the next request may be sent.
    public var nextLeave: Duration { next }

    /// Gives leave to a request, unless it is too early.
    public mutating func take(at now: Duration) -> Bool {
        reckon(at: now)
        guard now >= next else { return false }
        next = max(next, now - Self.lateness) + interval
        return true
    }

    /// A request was accepted.
    public mutating func succeeded(at now: Duration) {
        accepted.add(at: now)
        share.accepted()
    }

    /// A request was answered with the wish for fewer.
    ///
    /// - Parameters:
    ///   - latency: How long the answer took: what else is under way was sent before the rate could fall.
    ///   - now: The time.
    /// - Returns: Whether the rate has fallen.
    public mutating func throttled(after latency: Duration, at now: Duration) -> Bool {
        reckon(at: now)
        lastThrottled = now
        guard now - lastFall >= max(Self.betweenFalls, latency) else { return false }
        guard share.throttled() else { return false }
        // Where less is accepted than was sent, what is accepted is the measure.
        let measured =
            now - begun < Self.measure
            ? perSecond : max(accepted.perSecond(at: now) * 1.02, perSecond * Self.leastAfterFall)
        fallenFrom = max(Self.lowest, min(perSecond, measured))
        set(min(perSecond, fallenFrom) * Self.afterFall)
        progress = 0
        lastFall = now
        return true
    }

    /// Takes in what another rate was for, when two parts of the keyspace turn out to be one.
    mutating func merge(_ other: AdaptiveRate, at now: Duration) {
        begun = max(begun, other.begun)
        accepted.merge(other.accepted, at: now)
        share.merge(other.share)
        fallenFrom += other.fallenFrom
        progress = min(progress, other.progress)
        lastThrottled = max(lastThrottled, other.lastThrottled)
        lastFall = max(lastFall, other.lastFall)
        set(perSecond + other.perSecond)
    }

    /// Moves the rate along its curve.
    private mutating func reckon(at now: Duration) {
        let passed = now - reckoned
        guard passed >= Self.step else { return }
        reckoned = now
        progress += min(passed, .seconds(1)) / Self.recovery
        let cube = (progress - 1) * (progress - 1) * (progress - 1)
        set(max(perSecond, fallenFrom * (1 + (1 - Self.afterFall) * cube)))
    }

    private mutating func set(_ rate: Double) {
        perSecond = max(Self.lowest, rate)
        interval = .seconds(1 / perSecond)
    }
}
