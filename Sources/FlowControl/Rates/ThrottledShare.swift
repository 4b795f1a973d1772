/// Tells from the answers, one by one, whether more than a few in a hundred ask for fewer requests.
///
/// It is a leaky bucket, or a CUSUM chart: a throttled answer adds one, each other one takes a little away, and what
/// flows over shows that the share is too large now. How many answers there are each second is no matter. One in a
/// hundred at random flows over once in some hundred thousand answers; a tenth, within some sixty.
struct ThrottledShare: Sendable {
    /// The share of throttled answers up to which the bucket does not fill.
    static let borne = 0.03
    /// So many throttled answers beyond that share make it flow over.
    static let most = 4.0

    private var level = 0.0

    /// A request was accepted.
    mutating func accepted() {
        level = max(0, level - Self.borne)
    }

    /// A request was throttled.
    ///
    /// - Returns: Whether too many were; then it begins anew.
    mutating func throttled() -> Bool {
        level += 1
        guard level >= Self.most else { return false }
        level = 0
        return true
    }

    /// Takes in what another one counted.
    mutating func merge(_ other: ThrottledShare) {
        level = max(level, other.level)
    }
}
