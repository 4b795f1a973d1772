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
    /// Copies under way at once.
    public let concurrency: Int
    /// Pages of the listing asked for at once: where it is too much, at most a quarter of the connections.
    public let fetchers: Int
    /// The connections that there will be at most, to all hosts together.
    public let connections: Int

    /// The connections that a client may open to one host.
    public var maximumConnections: Int {
        wish.sharesConnections ? connections : max(concurrency, fetchers)
    }

    /// Whether it is less than was asked for.
    public var isReduced: Bool { concurrency < wish.copies || fetchers < wish.fetchers }

    /// Fits a job to what the machine allows.
    ///
    /// A machine without a port to spare is no reason to refuse where some are in TIME_WAIT and come free within a
    /// minute: the plan is for the least then, and connecting waits.
    ///
    /// - Throws: ``BrigadeError`` with the code `invalidJob` if not even the least fits: one connection, or one for
    ///   listing and one for copying where they go to different hosts.
    public init(_ wish: Wish, within budget: ConnectionBudget) throws(BrigadeError) {
        self.wish = wish
        self.budget = budget
        let beside = wish.sharesConnections ? min(wish.fetchers, Self.connectionsBesideCopies) : wish.fetchers
        let wanted = wish.copies > 0 ? wish.copies + beside : wish.fetchers
        let least = wish.copies > 0 && !wish.sharesConnections ? 2 : 1
        let allowed = budget.allows ?? .max
        if let binding = budget.binding, allowed < least, binding.comingFree == 0 {
            throw BrigadeError(code: .invalidJob, message: binding.refusal(least: least))
        }
        let room = max(least, min(allowed, wish.maximumConnections ?? .max))
        guard wanted > room else {
            concurrency = wish.copies
            fetchers = wish.fetchers
            connections = wanted
            decision = .wish
            return
        }
        if let binding = budget.binding, allowed <= wish.maximumConnections ?? .max {
            decision = .limit(binding)
        } else {
            decision = .maximumConnections
        }
        guard wish.copies > 0 else {
            concurrency = 0
            fetchers = room
            connections = room
            return
        }
        fetchers = min(wish.fetchers, max(1, room / 4))
        // Fetchers that share connections take turns with the copies, so that all may be in use.
        concurrency = min(wish.copies, wish.sharesConnections ? room : room - fetchers)
        connections = min(room, concurrency + (wish.sharesConnections ? beside : fetchers))
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
