/// How a pool gets by with fewer connections than it may have, while the machine has no descriptor, local port or memory
/// for more.
///
/// The ceiling falls to the connections that there are. After a pause it rises by an eighth, and goes on rising while
/// connections can be opened; where none can, it falls again, and the pause doubles.
struct ConnectionShortage: Equatable {
    /// The first pause.
    static let firstPause = Duration.seconds(1)
    /// What pauses double up to while there are connections.
    static let longestPause = Duration.seconds(30)
    /// The same while there are none, and everything waits.
    static let longestPauseWithoutConnection = Duration.seconds(2)

    /// After which a local port that is in TIME_WAIT now has come free (`TCP_TIMEWAIT_LEN` of the kernel's net/tcp.h).
    static let timeWait = Duration.seconds(60)

    /// How many connections may be open or opening.
    private(set) var ceiling = 0
    /// Since when there has been no connection at all; `nil` while there is one.
    private(set) var withoutConnectionSince: Duration?
    private var pause: Duration?
    private var triesAgain = Duration.zero
    /// Whether failures that come now follow those that the pause was made for.
    private var isTrying = true

    /// One that was felt.
    init() {}

    /// One that is foreseen at the time zero: there are ports for so many connections, and for more after a minute.
    init(ofPorts ceiling: Int) {
        self.ceiling = ceiling
        triesAgain = Self.timeWait
    }

    /// A connection could not be opened; those that are left are so many.
    ///
    /// Many that fail together count as one.
    mutating func felt(connections: Int, at now: Duration) {
        ceiling = connections
        if connections > 0 {
            withoutConnectionSince = nil
        } else if withoutConnectionSince == nil {
            withoutConnectionSince = now
        }
        guard isTrying else { return }
        isTrying = false
        let longest = connections > 0 ? Self.longestPause : Self.longestPauseWithoutConnection
        let next = pause.map { min($0 * 2, longest) } ?? Self.firstPause
        pause = next
        triesAgain = now + next
    }

    /// Whether the pause is over.
    func isDue(at now: Duration) -> Bool { now >= triesAgain }

    /// The pause is over: a few more connections may be tried, up to a maximum.
    mutating func relax(at now: Duration, maximum: Int) {
        ceiling = min(ceiling + max(1, ceiling / 8), maximum)
        triesAgain = now + Self.firstPause
        isTrying = true
    }

    /// A connection could be opened after all.
    mutating func connectionOpened() {
        withoutConnectionSince = nil
        pause = nil
    }
}
