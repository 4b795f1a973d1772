/// Keeps the requests that a server sees within any second at or below a bound, however unevenly the network and the
/// two machines deliver them.
///
/// Two things are needed. A token bucket of one token spreads the requests, so that they do not come in bursts. It
/// cannot keep the bound alone: what waits somewhere on the way arrives together with what was sent later. So a request
/// also has one of as many places as the bound allows requests, from before it is sent until a second after it was
/// answered. The server saw it between the two; the next one in its place it sees more than a second later.
///
/// A request without an answer after ``longestDelivery`` has arrived, and keeps its place for a second from then on. So
/// the rate that is reached is the bound over one second and the latency: with 100 ms a tenth less, and half at least.
public struct RequestCeiling: Sendable {
    /// What a request may take to arrive, without that the bound is passed.
    public static let longestDelivery = Duration.seconds(1)
    private static let width = Duration.milliseconds(5)
    private static let lateness = Duration.milliseconds(20)
    private static let deliveryBuckets = 200
    private static let restBuckets = 201

    /// The most requests within a second.
    public let perSecond: Int

    private let interval: Duration
    private var next: Duration
    private var free: Int
    /// The first moment of the span that is counted now.
    private var start: Duration
    private var number = 0
    /// Requests that have no answer yet, by the span in which they were sent.
    private var waiting = [Int](repeating: 0, count: deliveryBuckets)
    /// Requests that keep their places for a second, by the span in which that began.
    private var resting = [Int](repeating: 0, count: restBuckets)

    /// A request's place.
    public struct Place: Sendable {
        fileprivate let number: Int
    }

    /// A ceiling that no request has used yet.
    ///
    /// - Parameters:
    ///   - perSecond: The most requests within a second, at least 1.
    ///   - now: The time since any fixed moment, as in every later call.
    public init(perSecond: Int, at now: Duration) {
        precondition(perSecond >= 1, "a ceiling lets something through")
        self.perSecond = perSecond
        interval = .seconds(1 / Double(perSecond))
        next = now
        free = perSecond
        start = now
    }

    /// Gives a request its place, if it may be sent now.
    public mutating func take(at now: Duration) -> Place? {
        advance(to: now)
        guard free > 0, now >= next else { return nil }
        free -= 1
        next = max(next, now - Self.lateness) + interval
        waiting[number % Self.deliveryBuckets] += 1
        return Place(number: number)
    }

    /// A request is sent now, some time after it was given its place.
    ///
    /// - Returns: The place that it has from now on; `nil` if it came later than ``longestDelivery``, and has none any more.
    public mutating func sent(_ place: Place, at now: Duration) -> Place? {
        advance(to: now)
        guard number - place.number < Self.deliveryBuckets else { return nil }
        waiting[place.number % Self.deliveryBuckets] -= 1
        waiting[number % Self.deliveryBuckets] += 1
        return Place(number: number)
    }

    /// A request was answered, or has failed.
    public mutating func ended(_ place: Place, at now: Duration) {
        advance(to: now)
        // What took longer rests since its delivery was over.
        guard number - place.number < Self.deliveryBuckets else { return }
        waiting[place.number % Self.deliveryBuckets] -= 1
        resting[number % Self.restBuckets] += 1
    }

    private mutating func advance(to now: Duration) {
        guard now - start >= Self.width else { return }
        if now - start >= .seconds(3) {
            // All have arrived, and have rested.
            for index in waiting.indices { waiting[index] = 0 }
            for index in resting.indices { resting[index] = 0 }
            free = perSecond
            number += Self.deliveryBuckets + Self.restBuckets
            start = now
            return
        }
        while now - start >= Self.width {
            start += Self.width
            number += 1
            let (delivery, rest) = (number % Self.deliveryBuckets, number % Self.restBuckets)
            free += resting[rest]
            resting[rest] = waiting[delivery]
            waiting[delivery] = 0
        }
    }
}
