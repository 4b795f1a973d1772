import Keyspace

/// A bucket of numbered keys, listed in rounds: each round answers every request that was on its way.
struct ListingRounds {
    let keys: Range<Int>
    /// The most keys that the server sends, whatever it is asked for.
    var serverLimit = 1000
    private(set) var rounds = 0
    private(set) var machine: ListingStateMachine

    init(keys: Range<Int>, configuration: ListingConfiguration) {
        self.keys = keys
        machine = ListingStateMachine(configuration: configuration)
    }

    static func key(_ number: Int) -> [UInt8] {
        let text = Array(String(number).utf8)
        return [UInt8](repeating: 0x30, count: 8 - text.count) + text
    }

    /// Lists everything; the keys that were found are counted.
    mutating func run() throws {
        var idle = Array(0..<machine.configuration.fetchers)
        while true {
            var pending: [(fetcher: Int, request: PageRequest)] = []
            idle.removeAll { fetcher in
                guard case .list(let request) = machine.nextWork(for: fetcher) else { return false }
                pending.append((fetcher, request))
                return true
            }
            guard !pending.isEmpty else { return }
            rounds += 1
            for (fetcher, request) in pending {
                let start = firstNumber(above: request.startAfter)
                let end = min(start + min(request.limit, serverLimit), keys.upperBound)
                let page = (start..<max(start, end)).map { Self.key($0)[...] }
                _ = try machine.received(page, isTruncated: end < keys.upperBound, by: fetcher)
                idle.append(fetcher)
            }
        }
    }

    private func firstNumber(above key: [UInt8]) -> Int {
        var low = keys.lowerBound
        var high = keys.upperBound
        while low < high {
            let middle = (low + high) / 2
            if key.lexicographicallyPrecedes(Self.key(middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
