import Testing

@testable import Brigade

@Suite("The fit of a job to the limits of the machine")
struct ConcurrencyPlanTests {
    /// A job beside a limit, of which 40 descriptors are for listing and kept free, and what comes of it.
    struct Fit: Sendable, CustomTestStringConvertible {
        var wanted: Int
        var limit: Int?
        var inUse: Int
        var concurrency: Int

        var testDescription: String {
            "\(wanted) wanted, \(limit.map(String.init) ?? "no") limit, \(inUse) in use"
        }
    }

    @Test(
        "as many copies as asked for, or as descriptors allow",
        arguments: [
            Fit(wanted: 256, limit: nil, inUse: 1_000_000, concurrency: 256),
            Fit(wanted: 65_536, limit: nil, inUse: 10, concurrency: 65_536),
            Fit(wanted: 256, limit: 1024, inUse: 10, concurrency: 256),
            Fit(wanted: 1000, limit: 1024, inUse: 10, concurrency: 974),
            Fit(wanted: 1000, limit: 1024, inUse: 500, concurrency: 484),
            Fit(wanted: 256, limit: 296, inUse: 0, concurrency: 256),
            Fit(wanted: 256, limit: 295, inUse: 0, concurrency: 255),
            Fit(wanted: 1, limit: 41, inUse: 0, concurrency: 1),
            Fit(wanted: 256, limit: 64, inUse: 23, concurrency: 1),
            Fit(wanted: 65_536, limit: .max, inUse: 0, concurrency: 65_536),
        ]
    )
    func fits(_ fit: Fit) throws {
        let plan = try ConcurrencyPlan(fitting: fit.wanted, descriptorLimit: fit.limit, inUse: fit.inUse)
        #expect(plan.concurrency == fit.concurrency)
        #expect(plan.wanted == fit.wanted)
        #expect(plan.descriptorLimit == fit.limit)
        #expect(plan.maximumConnections == fit.concurrency + 8)
        if let limit = fit.limit { #expect(plan.maximumConnections + 32 + fit.inUse <= limit) }
    }

    @Test(
        "where not even one copy fits, the job is refused with the figures",
        arguments: [(40, 0), (64, 24), (20, 30)]
    )
    func tooFew(limit: Int, inUse: Int) {
        let error = #expect(throws: BrigadeError.self) {
            try ConcurrencyPlan(fitting: 1, descriptorLimit: limit, inUse: inUse)
        }
        #expect(error?.code == .invalidJob)
        #expect(error?.message.contains("may have \(limit) descriptors open and has \(inUse);") == true)
        #expect(error?.message.contains("ulimit -Hn") == true)
    }

    @Test("on this machine one copy fits, and the soft limit is the one that was reckoned with")
    func thisMachine() throws {
        let plan = try ConcurrencyPlan(fitting: 1)
        #expect(plan.concurrency == 1)
        #expect(plan.descriptorLimit.map { $0 > plan.maximumConnections } ?? true)
    }
}
