internal import FlowControl
internal import Glibc

/// Prints how copies are paced on simulated services, over virtual hours.
struct Options {
    var hours = 1.0
    var only: String?

    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            switch name {
            case "--hours":
                guard let value = rest.popFirst().flatMap(Double.init), value >= 0.5, value <= 100 else { return nil }
                hours = value
            case "--only":
                guard let value = rest.popFirst() else { return nil }
                only = value
            default: return nil
            }
        }
    }
}

/// The share as a percentage with one digit behind the point.
func percent(_ part: Int, of whole: Double) -> String {
    guard whole > 0 else { return "-" }
    let tenths = Int((Double(part) / whole * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}

func column(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
    print("usage: FlowSimulator [--hours HOURS, 0.5 to 100] [--only NAME]")
    exit(64)
}

print("accepted: % of what the service allows; SlowDown: % of requests; both after a minute of ramp.")
print("90 %: seconds until nine tenths of what is allowed, from the start and after an outage.")
print("scenario                     requests  accepted  SlowDown  in the ramp  90 %  again  hot/s  others/s  copies")
for scenario in Scenario.all where options.only.map({ scenario.name.contains($0) }) ?? true {
    var job = scenario.job
    job.duration = 3600 * options.hours
    var simulation = Simulation(job, scenario.behaviour, seed: 1)
    simulation.run()
    let seconds = Array(simulation.seconds.dropLast())
    let (ramp, settled) = (seconds.prefix(60), seconds.dropFirst(60))
    func sum(_ part: ArraySlice<Simulation.Second>, _ count: (Simulation.Second) -> Int) -> Int {
        part.reduce(0) { $0 + count($1) }
    }
    func isFast(_ second: Simulation.Second) -> Bool { Double(second.accepted) >= 0.9 * second.allowed }
    let isHot = job.hot != nil
    let hot = sum(settled, \.acceptedWhereHot) / settled.count
    let outageEnd = scenario.behaviour.outage.map { Int($0.upperBound) }
    let again = outageEnd.flatMap { end in seconds[end...].firstIndex(where: isFast).map { $0 - end + 1 } }
    print(
        scenario.name + String(repeating: " ", count: 27 - scenario.name.count)
            + column("\(seconds.reduce(0) { $0 + $1.sent })", 10)
            + column(percent(sum(settled, \.accepted), of: settled.reduce(0) { $0 + $1.allowed }), 10)
            + column(percent(sum(settled, \.throttled), of: Double(sum(settled, \.sent))), 10)
            + column(percent(sum(ramp, \.throttled), of: Double(sum(ramp, \.sent))), 13)
            + column(seconds.firstIndex(where: isFast).map { "\($0 + 1)" } ?? "never", 6)
            + column(outageEnd == nil ? "-" : again.map { "\($0)" } ?? "never", 7)
            + column(isHot ? "\(hot)" : "-", 7)
            + column(isHot ? "\(sum(settled, \.accepted) / settled.count - hot)" : "-", 10)
            + column("\(simulation.figures.concurrencyLimit)", 8)
    )
}
