/// A job on a service that behaves in some way.
struct Scenario {
    /// What the table calls it.
    let name: String
    var job = Simulation.Job()
    var behaviour = SimulatedService.Behaviour()

    init(_ name: String, _ change: (inout Scenario) -> Void = { _ in }) {
        self.name = name
        change(&self)
    }

    /// All that is simulated.
    static let all: [Scenario] = {
        let sixteenth = Simulation.Job().keys / 16
        return [
            Scenario("one partition"),
            Scenario("splits every 10 min, to 4") {
                $0.behaviour.splitsAfter = 600
                $0.behaviour.mostPartitions = 4
            },
            Scenario("16 partitions, 256 copies") {
                $0.behaviour.partitions = (0..<16).map { ($0 * sixteenth, 3500) }
                $0.job.concurrency = 256
            },
            Scenario("the same, one takes 200/s") {
                $0.behaviour.partitions = (0..<16).map { ($0 * sixteenth, $0 == 6 ? 200 : 3500) }
                $0.job.concurrency = 256
                $0.job.hot = 6 * sixteenth..<7 * sixteenth
            },
            Scenario("3,000/s in all, 2 % 500s") {
                $0.behaviour.partitions = [(0, 1_000_000)]
                $0.behaviour.rateInAll = 3000
                $0.behaviour.failureShare = 0.02
            },
            Scenario("0.5 % random SlowDown") {
                $0.behaviour.partitions = [(0, 1_000_000)]
                $0.behaviour.slowDownShare = 0.005
                $0.job.concurrency = 256
                $0.job.fetchers = 1
            },
            Scenario("1 % random SlowDown") {
                $0.behaviour.partitions = [(0, 1_000_000)]
                $0.behaviour.slowDownShare = 0.01
                $0.job.concurrency = 256
                $0.job.fetchers = 1
            },
            Scenario("5 min of 500s only") { $0.behaviour.outage = 600..<900 },
        ]
    }()
}
