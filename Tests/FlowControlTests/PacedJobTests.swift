import Testing

@Suite("jobs on services that throttle")
struct PacedJobTests {
    /// As many as 64 copies of 40 ms come to.
    private static let perSecond = 1600.0

    @Test("random SlowDown costs next to nothing", arguments: [0.002, 0.005, 0.01], [1, 4])
    func random(share: Double, folders: Int) {
        for seed in UInt64(1)...3 {
            var job = PacedJob(PacedJob.Service(random: share), folders: folders, seed: seed)
            _ = job.run(seconds: 1)
            let answers = job.run(seconds: 20)
            #expect(answers.throttled > 0)
            #expect(Double(answers.accepted) > 0.96 * 20 * Self.perSecond, "seed \(seed)")
        }
    }

    @Test("a folder that takes less gets most of what it takes, and the others go on", arguments: [100.0, 200, 300])
    func local(first: Double) {
        var job = PacedJob(PacedJob.Service(first: first), seed: 1)
        _ = job.run(seconds: 10)
        let answers = job.run(seconds: 30)
        #expect(Double(answers.acceptedInFirst) > 0.8 * 30 * first)
        #expect(Double(answers.accepted) > 0.95 * 30 * Self.perSecond)
        #expect(Double(answers.throttled) < 0.08 * 30 * first)
    }

    @Test("a service that takes less as a whole gets what it takes, random SlowDown or not", arguments: [0, 0.01])
    func whole(random: Double) {
        var job = PacedJob(PacedJob.Service(random: random, all: 800), seed: 1)
        _ = job.run(seconds: 10)
        let answers = job.run(seconds: 30)
        #expect(Double(answers.accepted) > 0.9 * 30 * 800)
        #expect(Double(answers.throttled) < 0.05 * 30 * 800)
    }

    @Test("a service that takes all again is used in full soon")
    func over() {
        var job = PacedJob(PacedJob.Service(all: 200), seed: 1)
        _ = job.run(seconds: 20)
        job.service.all = .infinity
        _ = job.run(seconds: 15)
        #expect(Double(job.run(seconds: 5).accepted) > 0.96 * 5 * Self.perSecond)
    }
}
