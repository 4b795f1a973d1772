import Testing

@testable import Brigade

@Suite("The fit of a job to the limits of the machine")
struct ConcurrencyPlanTests {
    /// A job beside a limit, of which 32 descriptors are kept free, and what comes of it.
    struct Fit: Sendable, CustomTestStringConvertible {
        var wanted: Int
        var fetchers = 16
        var limit: Int?
        var inUse: Int
        /// Copies and fetchers.
        var plan: [Int]

        var testDescription: String {
            "\(wanted) and \(fetchers) wanted, \(limit.map(String.init) ?? "no") limit, \(inUse) in use"
        }
    }

    @Test(
        "as many copies and fetchers as asked for, or as descriptors allow",
        arguments: [
            Fit(wanted: 256, limit: nil, inUse: 1_000_000, plan: [256, 16]),
            Fit(wanted: 65_536, fetchers: 1024, limit: nil, inUse: 10, plan: [65_536, 1024]),
            Fit(wanted: 256, limit: 1024, inUse: 10, plan: [256, 16]),
            Fit(wanted: 1000, limit: 1024, inUse: 10, plan: [966, 16]),
            Fit(wanted: 1000, limit: 1024, inUse: 500, plan: [476, 16]),
            Fit(wanted: 256, limit: 304, inUse: 0, plan: [256, 16]),
            Fit(wanted: 256, limit: 303, inUse: 0, plan: [255, 16]),
            Fit(wanted: 256, fetchers: 1024, limit: 1024, inUse: 10, plan: [256, 245]),
            Fit(wanted: 256, limit: 64, inUse: 24, plan: [6, 2]),
            Fit(wanted: 1, limit: 34, inUse: 0, plan: [1, 1]),
            Fit(wanted: 256, limit: 64, inUse: 30, plan: [1, 1]),
            Fit(wanted: 0, fetchers: 64, limit: 1024, inUse: 10, plan: [0, 64]),
            Fit(wanted: 0, fetchers: 64, limit: 64, inUse: 10, plan: [0, 22]),
            Fit(wanted: 0, fetchers: 64, limit: 33, inUse: 0, plan: [0, 1]),
            Fit(wanted: 65_536, limit: .max, inUse: 0, plan: [65_536, 16]),
        ]
    )
    func fits(_ fit: Fit) throws {
        let plan = try ConcurrencyPlan(
            fitting: fit.wanted,
            fetchers: fit.fetchers,
            descriptorLimit: fit.limit,
            inUse: fit.inUse
        )
        #expect([plan.concurrency, plan.fetchers] == fit.plan)
        #expect(plan.wanted == fit.wanted)
        #expect(plan.wantedFetchers == fit.fetchers)
        #expect(plan.isReduced == ([fit.wanted, fit.fetchers] != fit.plan))
        #expect(plan.descriptorLimit == fit.limit)
        #expect(plan.maximumConnections == (fit.wanted > 0 ? fit.plan[0] + min(fit.plan[1], 4) : fit.plan[1]))
        if let limit = fit.limit { #expect(plan.maximumConnections + 32 + fit.inUse <= limit) }
    }

    @Test(
        "where not even one copy and one fetcher fit, the job is refused with the figures",
        arguments: [(1, 33, 0), (1, 64, 31), (1, 20, 30), (0, 32, 0)]
    )
    func tooFew(copies: Int, limit: Int, inUse: Int) {
        let error = #expect(throws: BrigadeError.self) {
            try ConcurrencyPlan(fitting: copies, fetchers: 1, descriptorLimit: limit, inUse: inUse)
        }
        #expect(error?.code == .invalidJob)
        #expect(error?.message.contains("may have \(limit) descriptors open and has \(inUse);") == true)
        #expect(error?.message.contains("ulimit -Hn") == true)
    }

    @Test("on this machine one copy fits, and the soft limit is the one that was reckoned with")
    func thisMachine() throws {
        let plan = try ConcurrencyPlan(fitting: 1, fetchers: 1)
        #expect(plan.concurrency == 1 && plan.fetchers == 1 && !plan.isReduced)
        #expect(plan.descriptorLimit.map { $0 > plan.maximumConnections } ?? true)
    }
}
