public import Machine

/// How many requests may be under way at once on this machine, beside what was asked for.
///
/// Each copy under way and each fetcher use one connection; a ``ConnectionBudget`` says how many there may be.
public struct ConcurrencyPlan: Sendable, Hashable {
    /// What was asked for.
    public struct Wish: Sendable, Hashable {
        /// Copies at once; 0 for a job that only lists.
        public var copies: Int
        /// Pages of the listing at once, at least 1.
        public var fetchers: Int
        /// Connections at most, at least 1; `nil` leaves it to the machine.
        public var maximumConnections: Int?
        /// Whether fetchers and copies use the same host, and so share connections; by default they do.
        public var sharesConnections: Bool
        /// Where the fetchers' host is, where that is another than the copies'.
        public var source: [IPEndpoint] = []
        /// Where the copies' host is, where that is another than the fetchers'.
        public var destination: [IPEndpoint] = []

        /// Creates a wish.
        public init(copies: Int, fetchers: Int, maximumConnections: Int? = nil, sharesConnections: Bool = true) {
            self.copies = copies
            self.fetchers = fetchers
            self.maximumConnections = maximumConnections
            self.sharesConnections = sharesConnections
        }
    }

    /// What decided how much is done at once.
    public enum Decision: Sendable, Hashable {
        /// The wish: all of it fits.
        case wish
        /// The wish's own ``Wish/maximumConnections``.
        case maximumConnections
        /// A limit of the machine.
        case limit(ConnectionLimit)
    }

    /// Connections that copies and fetchers together may have beyond one for each copy.
    ///
    /// Fetchers are idle most of the time, since listing is faster than copying; where more of them want a connection,
    /// they take turns with the copies, and no connections stay behind that nothing needs.
    static let connectionsBesideCopies = 4

    /// What was asked for.
    public let wish: Wish
    /// What the machine allows.
    public let budget: ConnectionBudget
    /// What decided.
    public let decision: Decision
    /// How much may be done at once now.
    public let now: Amount
    /// The same when the local ports that are in TIME_WAIT have come free, within a minute.
    public let later: Amount

    /// How much is done at once.
    public struct Amount: Sendable, Hashable {
        /// Copies under way.
        public let copies: Int
        /// Pages of the listing asked for: where it is too much, at most a quarter of the connections.
        public let fetchers: Int
        /// Connections at most, to all hosts together.
        public let connections: Int

        /// The connections that a client may open to one host.
        fileprivate func connectionsToHost(_ wish: Wish) -> Int {
            wish.sharesConnections ? connections : max(copies, fetchers)
        }
    }

    /// The connections that a client may open to one host.
    public var maximumConnections: Int { later.connectionsToHost(wish) }

    /// The connections that a client may open to one host before ports have come free.
    public var connectionsAtFirst: Int { now.connectionsToHost(wish) }

    /// Whether it is less than was asked for.
    public var isReduced: Bool { now.copies < wish.copies || now.fetchers < wish.fetchers }

    /// Fits a job to what the machine allows.
    ///
    /// A machine without a port to spare is no reason to refuse where some are in TIME_WAIT and come free within a
    /// minute: the plan begins with the least then, and connecting waits.
    ///
    /// - Throws: ``BrigadeError`` with the code `invalidJob` if not even the least fits: one connection, or one for
    ///   listing and one for copying where they go to different hosts.
    public init(_ wish: Wish, within budget: ConnectionBudget) throws(BrigadeError) {
        self.wish = wish
        self.budget = budget
        let least = wish.copies > 0 && !wish.sharesConnections ? 2 : 1
        let allowed = budget.allows ?? .max
        if let binding = budget.binding, allowed < least, binding.comingFree == 0 {
            throw BrigadeError(code: .invalidJob, message: binding.refusal(least: least))
        }
        now = Self.fit(wish, within: budget, at: .now, least: least)
        later = Self.fit(wish, within: budget, at: .later, least: least)
        let own = wish.maximumConnections ?? .max
        let wanted = Self.connectionsWanted(wish, copies: wish.copies, fetchers: wish.fetchers)
        if now.connections >= wanted {
            decision = .wish
        } else if wanted <= min(allowed, own), let ports = budget.limits.first(where: { $0.kind == .localPorts }) {
            // All of them would do, but one host's are too few.
            decision = .limit(ports)
        } else if let binding = budget.binding, allowed <= own {
            decision = .limit(binding)
        } else {
            decision = .maximumConnections
        }
    }

    private static func connectionsWanted(_ wish: Wish, copies: Int, fetchers: Int) -> Int {
        let beside = wish.sharesConnections ? min(fetchers, connectionsBesideCopies) : fetchers
        return copies > 0 ? copies + beside : fetchers
    }

    private static func fit(
        _ wish: Wish,
        within budget: ConnectionBudget,
        at time: ConnectionBudget.Time,
        least: Int
    ) -> Amount {
        let copies = min(wish.copies, max(1, budget.ports(towards: wish.destination, at: time) ?? .max))
        let fetchers = min(wish.fetchers, max(1, budget.ports(towards: wish.source, at: time) ?? .max))
        let wanted = connectionsWanted(wish, copies: copies, fetchers: fetchers)
        let room = max(least, min(budget.allows(at: time) ?? .max, wish.maximumConnections ?? .max))
        guard wanted > room else { return Amount(copies: copies, fetchers: fetchers, connections: wanted) }
        guard copies > 0 else { return Amount(copies: 0, fetchers: room, connections: room) }
        // Fetchers that share connections take turns with the copies, so that all may be in use.
        let fewer = min(fetchers, max(1, room / 4))
        let fitting = min(copies, wish.sharesConnections ? room : room - fewer)
        let beside = wish.sharesConnections ? min(fetchers, connectionsBesideCopies) : fewer
        return Amount(copies: fitting, fetchers: fewer, connections: min(room, fitting + beside))
    }
}

extension ConnectionLimit {
    /// Why a job cannot even begin, with the figures, and what to do.
    fileprivate func refusal(least: Int) -> String {
        let needed = least == 1 ? "a connection" : "\(least) connections, one for listing and one for copying"
        let (maximum, inUse) = (maximum ?? 0, inUse ?? 0)
        switch kind {
        case .descriptors:
            return "this process may have \(maximum) descriptors open and has \(inUse); with \(keptFree) kept for name "
                + "lookups and files, there are too few for \(needed); "
                + "raise the hard limit (ulimit -Hn, LimitNOFILE= of the service)"
        case .systemDescriptors:
            return "\(inUse) of the \(maximum) files that the whole system may have open are open, too many for "
                + "\(needed); raise fs.file-max, or end what has them open"
        case .localPorts where maximum == 0:
            return "there is no local port for \(needed): no route leads there, or no source address fits, or every "
                + "port of net.ipv4.ip_local_port_range is reserved or bound"
        case .localPorts:
            return "\(inUse) of the \(maximum) local ports towards the endpoint are in use, too many for \(needed); "
                + "gauge sockets shows by whom; use --source-address, or widen net.ipv4.ip_local_port_range"
        case .memory, .controlGroupMemory:
            preconditionFailure("memory permits one connection at least")
        case .connectionTracking:
            return "\(inUse) of the \(maximum) connections that the packet filter can track exist, too many for "
                + "\(needed); raise net.netfilter.nf_conntrack_max"
        }
    }
}
