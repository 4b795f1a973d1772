internal import FlowControl
internal import Glibc

/// What is simulated.
struct Scenario {
    var name: String
    var job = Simulation.Job()
    var behaviour = SimulatedService.Behaviour()
    /// When what is to be recovered from is over, in seconds.
    var recoversFrom: Double?
}

let hours = CommandLine.arguments.dropFirst().compactMap(Double.init).first ?? 1
let only = CommandLine.arguments.dropFirst().first { Double($0) == nil }
let partOfKeys = Simulation.Job().keys / 16

var scenarios: [Scenario] = []
var scenario = Scenario(name: "one partition")
scenarios.append(scenario)

scenario = Scenario(name: "one partition, splits every 10 min under load, to 4")
scenario.behaviour.splitsAfter = 600
scenario.behaviour.mostPartitions = 4
scenarios.append(scenario)

scenario = Scenario(name: "16 partitions, more than the job can use")
scenario.behaviour.partitions = (0..<16).map { ($0 * partOfKeys, 3500) }
scenario.job.concurrency = 256
scenarios.append(scenario)

scenario = Scenario(name: "16 partitions, one of them hot: 200/s")
scenario.behaviour.partitions = (0..<16).map { ($0 * partOfKeys, $0 == 6 ? 200 : 3500) }
scenario.job.concurrency = 256
scenario.job.hot = 6 * partOfKeys..<7 * partOfKeys
scenarios.append(scenario)

scenario = Scenario(name: "3,000/s in all, 2 % failures")
scenario.behaviour.partitions = [(0, 100_000)]
scenario.behaviour.rateInAll = 3000
scenario.behaviour.failureShare = 0.02
scenarios.append(scenario)

scenario = Scenario(name: "one partition, 5 min of failures only")
scenario.behaviour.outage = 600..<900
scenario.recoversFrom = 900
scenarios.append(scenario)

let clock = ContinuousClock()
print("after 60 s of ramp: accepted = share of what the service allows; SlowDown = share of requests")
for scenario in scenarios where only.map({ scenario.name.contains($0) }) ?? true {
    var scenario = scenario
    scenario.job.duration = 3600 * hours
    var simulation = Simulation(scenario.job, scenario.behaviour, seed: 1)
    let time = clock.measure { simulation.run() }
    let seconds = simulation.seconds.dropLast()
    func sum<Value: AdditiveArithmetic>(_ part: some Sequence<Simulation.Second>, _ get: (Simulation.Second) -> Value)
        -> Value
    {
        part.reduce(.zero) { $0 + get($1) }
    }
    let settled = seconds.dropFirst(60)
    func percent(_ value: Double) -> String { "\((value * 1000).rounded() / 10) %" }
    let allowed = sum(settled, \.allowed)
    var line = "\(scenario.name): accepted \(percent(Double(sum(settled, \.accepted)) / allowed))"
    line += ", SlowDown \(percent(Double(sum(settled, \.throttled)) / Double(sum(settled, \.sent))))"
    line +=
        " (first minute \(percent(Double(sum(seconds.prefix(60), \.throttled)) / Double(max(1, sum(seconds.prefix(60), \.sent))))))"
    let ramp = seconds.firstIndex { Double($0.accepted) >= 0.9 * $0.allowed } ?? -1
    line += ", 90 % after \(ramp + 1) s"
    if let end = scenario.recoversFrom {
        let back = seconds.dropFirst(Int(end)).firstIndex { Double($0.accepted) >= 0.9 * $0.allowed } ?? -1
        let during = seconds[Int(end) - 60..<Int(end)]
        line +=
            ", recovered after \(back + 1 - Int(end)) s, \(sum(during, \.sent) / 60) requests/s in the outage's last minute"
    }
    if scenario.job.hot != nil {
        let others = sum(settled, \.accepted) - sum(settled, \.acceptedWhereHot)
        line += ", hot \(sum(settled, \.acceptedWhereHot) / settled.count)/s, others \(others / settled.count)/s"
    }
    line += ", \(simulation.partitions) partitions, concurrency \(simulation.figures.concurrencyLimit)"
    line += ", \(Int(time / .seconds(1))) s for \(sum(seconds, \.sent)) requests"
    print(line)
    if only != nil {
        for (index, second) in seconds.enumerated() where index < 150 {
            print(index, second.sent, second.accepted, second.throttled, second.concurrency, second.regions)
        }
    }
}
