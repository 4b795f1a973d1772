internal import Brigade

/// How much is done at once and why, as a summary in JSON tells it.
struct PlanDocument: Encodable {
    /// A limit of the machine.
    struct Limit: Encodable {
        var name: String
        /// Connections; left out where there is no limit or no figure.
        var permits: Int?
        /// Whether there is a limit at all; left out where that is not known.
        var unlimited: Bool?
        var inUse: UInt64?
        var maximum: UInt64?
        var keptFree: UInt64
        var comingFree: UInt64
        var source: String
        var error: String?

        /// What limits, as tables name it.
        let title: String
        /// Whether the amounts are bytes.
        let isMemory: Bool

        private enum CodingKeys: CodingKey {
            case name, permits, unlimited, inUse, maximum, keptFree, comingFree, source, error
        }

        init(_ limit: ConnectionLimit) {
            title = limit.kind.phrase
            isMemory = limit.kind == .memory || limit.kind == .controlGroupMemory
            name = limit.kind.rawValue
            permits = limit.connections
            switch limit.permits {
            case .connections: unlimited = false
            case .unlimited: unlimited = true
            case .unknown(let reason): error = reason
            }
            inUse = limit.inUse
            maximum = limit.maximum
            keptFree = limit.keptFree
            comingFree = limit.comingFree
            source = limit.source
        }
    }

    var concurrency: Int
    var fetchers: Int
    var connections: Int
    /// Fewer than `connections` where some wait for local ports to come free.
    var connectionsAtFirst: Int
    var wantedConcurrency: Int
    var wantedFetchers: Int
    /// `request`, `maximumConnections`, or the name of a limit.
    var decidedBy: String
    /// The name of the limit that permits the fewest connections.
    var binding: String?
    var allows: Int?
    var limits: [Limit]

    init(_ plan: ConcurrencyPlan) {
        concurrency = plan.later.copies
        fetchers = plan.later.fetchers
        connections = plan.later.connections
        connectionsAtFirst = plan.now.connections
        wantedConcurrency = plan.wish.copies
        wantedFetchers = plan.wish.fetchers
        switch plan.decision {
        case .wish: decidedBy = "request"
        case .maximumConnections: decidedBy = "maximumConnections"
        case .limit(let limit): decidedBy = limit.kind.rawValue
        }
        binding = plan.budget.binding?.kind.rawValue
        allows = plan.budget.allows
        limits = plan.budget.limits.map(Limit.init)
    }
}
