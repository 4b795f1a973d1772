/// A part of the job's range that is being listed or waits for it.
struct Segment: Sendable {
    /// Who works on a segment.
    enum Owner: Sendable, Equatable {
        case nobody
        case fetcher(Int)
    }

    let id: Int
    /// Everything up to and with this key is listed.
    var position: [UInt8]
    /// The inclusive upper bound; `nil` for the end of the job's range.
    var through: [UInt8]?
    var owner = Owner.nobody
    /// Whether a request from `position` on is on its way.
    var isInFlight = false
    /// The number of pages that were received.
    var pages = 0
    /// The number of keys that were received.
    var keys = 0
    /// Whether the segment was split off with no proof that it holds a key, and no page has come yet.
    var isProbe = false
    /// Keys counted at the position or, before the first page, near the segment that this one was cut from.
    var below: Span?
    /// The first keys above `through`.
    var above: Span?
    /// Whether a split point that was given beforehand ends or begins it, and nobody has begun it yet.
    var isHinted = false
    /// The first key that was found in the segment.
    var first: [UInt8]?
    /// Whether keys just above `through` are counted on, though no page from there has come yet.
    var isBoundPresumed = false
    /// The number of keys known or proven around the position: how far the density there may be trusted.
    var reach = 0.0
    /// The same for the keys above `through`.
    var reachAbove = 0.0
    /// The keys that were expected when the segment was last cut.
    var forecast = Double.infinity
    /// The keys that were listed since.
    var keysSinceForecast = 0.0
    /// Whether a page has shown that no key is left at all; a request may still be on its way.
    var isKnownEmpty = false
    /// What is thought to be left; `nil` until something is known.
    var outlook: Outlook?
}
