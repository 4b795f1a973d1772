/// Which way each new connection to an origin goes, and what became of those before it.
///
/// A new connection takes the route with the fewest, and a random one among equals, so that all addresses of a name and
/// all source addresses are used evenly. A route that failed is set aside for a while, which doubles with each failure in
/// a row; when its time is over, one connection at a time may try it, until one succeeds. An address that is not among
/// the name's any more gets no new connections.
///
/// Time is a duration since any moment that stays the same. The memory is bounded: routes that are in use or belong to
/// the name's addresses, and ``maximumRoutes`` of those that were; what is known of older ones is added up in one row.
struct RouteTable<Address: Hashable & Sendable> {
    /// A route's number, unique in its table.
    typealias RouteID = Int

    /// What a connection that could not be opened speaks of.
    enum Blame: Equatable {
        /// The address at the other end: nothing listens there, or nobody answers.
        case remote
        /// The pair of addresses: it has no local port left, or the local address is gone.
        case route
        /// This machine, or nobody: another route would not have served either.
        case none
    }

    /// The addresses that were tried in vain for one connection.
    struct Attempt {
        fileprivate var routes: Set<RouteID> = []
        fileprivate var remotes: Set<Address> = []
    }

    /// What is known of a route.
    struct Entry {
        let id: RouteID
        let route: Route<Address>
        /// Connections that are open or being opened.
        fileprivate(set) var open = 0
        fileprivate var opening = 0
        fileprivate var failuresInARow = 0
        /// Until when it is set aside.
        fileprivate var notBefore = Duration.zero
        /// Since when the address is not among the name's.
        fileprivate var vanished: Duration?
        /// The local address of its connections: the route's, or the first that the kernel chose.
        fileprivate(set) var local: Address?
        /// What became of its connections.
        fileprivate(set) var tally = ConnectionTally()
    }

    /// Routes kept for the sake of their tallies.
    static var maximumRoutes: Int { 64 }
    /// How long a route is set aside after its first failure.
    static var firstBackOff: Duration { .seconds(1) }
    /// What setting aside is doubled up to.
    static var longestBackOff: Duration { .seconds(60) }
    /// How long an address may be missing from the name's before its connections are moved: answers of name servers
    /// rotate, and what one leaves out comes again in the next.
    static var absenceAllowed: Duration { .seconds(300) }

    /// The routes, the oldest first.
    private(set) var entries: [Entry] = []
    /// What became of the connections on routes that are forgotten.
    private(set) var forgotten = ConnectionTally()
    private var nextID = 0

    /// The name's addresses are these now, in combination with the local ones.
    mutating func update(_ routes: [Route<Address>], at now: Duration) {
        let wanted = Set(routes)
        var known: Set<Route<Address>> = []
        for index in entries.indices {
            known.insert(entries[index].route)
            if wanted.contains(entries[index].route) {
                entries[index].vanished = nil
            } else if entries[index].vanished == nil {
                entries[index].vanished = now
            }
        }
        for route in routes where known.insert(route).inserted {
            entries.append(Entry(id: nextID, route: route))
            nextID += 1
        }
        forgetOldest()
    }

    /// A connection is to be opened; whoever opens it tells ``opened(_:from:)`` or
    /// ``failed(_:errno:blaming:at:in:using:)``.
    ///
    /// - Parameters:
    ///   - attempt: What was tried for this connection already, each remote address at most once.
    ///   - now: The time.
    ///   - random: Chooses among equals.
    /// - Returns: The route to try; `nil` when there is none left to try. Where every route is set aside, the first
    ///   attempt gets the one whose time is over first: an attempt costs little, and failing without one would be rash.
    mutating func begin(
        _ attempt: inout Attempt,
        at now: Duration,
        using random: inout some RandomNumberGenerator
    ) -> RouteID? {
        var candidates: [Int] = []
        var lastResort: Int?
        for (index, entry) in entries.enumerated() where entry.vanished == nil {
            guard !attempt.routes.contains(entry.id), !attempt.remotes.contains(entry.route.remote) else { continue }
            if entry.notBefore > now || entry.failuresInARow > 0 && entry.opening > 0 {
                if lastResort.map({ entry.notBefore < entries[$0].notBefore }) ?? true { lastResort = index }
            } else if let best = candidates.first, entries[best].open <= entry.open {
                if entries[best].open == entry.open { candidates.append(index) }
            } else {
                candidates = [index]
            }
        }
        guard let chosen = candidates.randomElement(using: &random) ?? (attempt.routes.isEmpty ? lastResort : nil)
        else { return nil }
        entries[chosen].open += 1
        entries[chosen].opening += 1
        attempt.routes.insert(entries[chosen].id)
        return entries[chosen].id
    }

    /// The route that a number stands for.
    func route(_ id: RouteID) -> Route<Address> { entries[index(of: id)].route }

    /// A connection was opened on a route, from a local address.
    mutating func opened(_ id: RouteID, from local: Address? = nil) {
        let index = index(of: id)
        entries[index].local = entries[index].route.source ?? entries[index].local ?? local
        entries[index].opening -= 1
        entries[index].failuresInARow = 0
        entries[index].notBefore = .zero
        entries[index].tally.opened += 1
    }

    /// A connection could not be opened.
    ///
    /// - Parameters:
    ///   - id: The route.
    ///   - errno: What the kernel said, or 0.
    ///   - blame: What that speaks of.
    ///   - now: The time.
    ///   - attempt: What was tried for this connection.
    ///   - random: Spreads the end of the time for which routes are set aside.
    mutating func failed(
        _ id: RouteID,
        errno: Int32,
        blaming blame: Blame,
        at now: Duration,
        in attempt: inout Attempt,
        using random: inout some RandomNumberGenerator
    ) {
        let index = index(of: id)
        entries[index].open -= 1
        entries[index].opening -= 1
        entries[index].tally.failedToOpen[errno, default: 0] += 1
        switch blame {
        case .none: break
        case .route: setAside(index, at: now, using: &random)
        case .remote:
            let remote = entries[index].route.remote
            attempt.remotes.insert(remote)
            for other in entries.indices where entries[other].route.remote == remote {
                setAside(other, at: now, using: &random)
            }
        }
    }

    /// A connection has ended.
    ///
    /// - Parameters:
    ///   - id: Its route.
    ///   - end: Who ended it, and why.
    ///   - requests: How many requests it was the carrier of that were answered.
    mutating func closed(_ id: RouteID, _ end: ConnectionEnd, requests: Int) {
        let index = index(of: id)
        entries[index].open -= 1
        entries[index].tally.ended[end, default: 0] += 1
        entries[index].tally.requests += requests
        forgetOldest()
    }

    /// The route that should have a connection less, if there is one: its address is long gone from the name's, or
    /// another route that can be used has far fewer.
    ///
    /// Whoever closes one a second at most moves connections to new addresses without a burst.
    func surplus(at now: Duration) -> RouteID? {
        if let gone = entries.first(where: { entry in
            entry.open > entry.opening && entry.vanished.map { now - $0 >= Self.absenceAllowed } ?? false
        }) {
            return gone.id
        }
        let current = entries.filter { $0.vanished == nil }
        guard let most = current.max(by: { $0.open < $1.open }),
            let least = current.filter({ $0.notBefore <= now }).map(\.open).min(),
            most.open - least > 1 + most.open / 4
        else { return nil }
        return most.id
    }

    // MARK: Parts

    private func index(of id: RouteID) -> Int {
        guard let index = entries.firstIndex(where: { $0.id == id }) else {
            preconditionFailure("route \(id) has a connection, and so is kept")
        }
        return index
    }

    /// Sets a route aside; connections that were opened at the same time and fail together count as one failure.
    private mutating func setAside(_ index: Int, at now: Duration, using random: inout some RandomNumberGenerator) {
        guard entries[index].notBefore <= now else { return }
        let doublings = min(entries[index].failuresInARow, 10)
        let backOff = min(Self.firstBackOff * (1 << doublings), Self.longestBackOff)
        entries[index].failuresInARow += 1
        entries[index].notBefore = now + backOff * Double.random(in: 0.75...1.25, using: &random)
    }

    /// Forgets the oldest routes that nothing needs, and keeps what became of their connections.
    private mutating func forgetOldest() {
        while entries.count > Self.maximumRoutes,
            let index = entries.firstIndex(where: { $0.vanished != nil && $0.open == 0 })
        {
            forgotten += entries.remove(at: index).tally
        }
    }
}
