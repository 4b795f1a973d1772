import Glibc
import Keyspace
import SampleKeyspaces

/// Prints what the listing of many kinds of keyspaces costs, in virtual time.
struct Options {
    var count = 1_000_000
    var fetchers = [1, 8, 64, 256]
    var only: String?
    var jitter = 0.0
    var isCheck = false

    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            switch name {
            case "--check": isCheck = true
            case "--keys":
                guard let value = rest.popFirst().flatMap(Int.init), value > 0 else { return nil }
                count = value
            case "--fetchers":
                guard let values = rest.popFirst()?.split(separator: ",").map({ Int($0) }), !values.contains(nil) else {
                    return nil
                }
                fetchers = values.compactMap { $0 }
            case "--jitter":
                guard let value = rest.popFirst().flatMap(Double.init), 0..<1 ~= value else { return nil }
                jitter = value
            case "--only":
                guard let value = rest.popFirst() else { return nil }
                only = value
            default: return nil
            }
        }
    }
}

func column(_ text: String, _ width: Int) -> String {
    text.count >= width ? text : String(repeating: " ", count: width - text.count) + text
}

func number(_ value: Double) -> String {
    let scaled = Int(value * 100 + 0.5)
    return "\(scaled / 100)." + (scaled % 100 < 10 ? "0" : "") + "\(scaled % 100)"
}

guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
    print("usage: ListingSimulator [--keys N] [--fetchers N,N] [--only NAME] [--jitter FRACTION] [--check]")
    exit(64)
}

print("\(options.count) keys. requests: over the least possible. time: in answers, beside the ideal.")
print("keyspace".padded(to: 24) + "fetchers  requests  pages  splits  empty  beyond   time  ideal  over    us/page")
var isMissed = false
var isWrong = false
for kind in SampleKind.allCases where options.only.map({ kind.rawValue.contains($0) }) ?? true {
    // Those that need memory are left out above ten million keys.
    guard options.count <= 10_000_000 || !kind.isStored else { continue }
    let keyspace = kind.keyspace(count: options.count)
    for fetchers in options.fetchers {
        var simulation = Simulation(keyspace: keyspace, fetchers: fetchers)
        simulation.jitter = options.jitter
        let result = simulation.run()
        let least = (keyspace.count + 999) / 1000
        let ideal = max(1, Double(least) / Double(fetchers))
        let requests = Double(result.counters.requests) / Double(least)
        // 1.4 times the ideal and 10 answers of 50 ms, which is half a second, to get going.
        let isMet = requests <= 1.15 && result.rounds <= 1.4 * ideal + 10 && result.isExact
        if fetchers == 64, !isMet { isMissed = true }
        if !result.isExact { isWrong = true }
        print(
            kind.rawValue.padded(to: 24) + column("\(fetchers)", 8) + column(number(requests), 10)
                + column("\(result.counters.pages)", 7) + column("\(result.counters.splits)", 8)
                + column("\(result.counters.emptyRanges)", 7) + column("\(result.counters.keysBeyond / 1000)k", 8)
                + column(number(result.rounds), 7) + column(number(ideal), 7) + column(number(result.rounds / ideal), 6)
                + column(number(result.secondsOfCPU * 1e6 / Double(max(1, result.counters.pages))), 11)
                + (result.isExact ? "" : "  NOT EXACT") + (fetchers == 64 && !isMet ? "  missed" : "")
        )
    }
}
if isWrong || options.isCheck && isMissed { exit(1) }

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
