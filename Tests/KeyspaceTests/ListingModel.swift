import Keyspace
import TestSupport

/// A bucket that is a sorted array, listed by a machine under random order, failures and short pages, every step
/// checked.
struct ListingModel {
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    struct Faults {
        /// Of how many requests in a hundred fail.
        var failures = 0
        /// Of how many pages in a hundred are shorter than need be.
        var shortPages = 0
        /// After how many pages in a hundred the fetcher pauses.
        var pauses = 0
    }

    let keys: [[UInt8]]
    var machine: ListingStateMachine
    var generator: SeededGenerator
    var faults = Faults()
    /// What is listed, in order, neighbouring pieces made one.
    private var listed: [KeyRange] = []
    private var found: [[UInt8]] = []

    init(keys: [[UInt8]], configuration: ListingConfiguration, generator: SeededGenerator) {
        self.keys = keys
        self.generator = generator
        machine = ListingStateMachine(configuration: configuration)
    }

    /// Lists everything, and returns the keys in order.
    mutating func run() throws -> [[UInt8]] {
        let fetchers = machine.configuration.fetchers
        var pending: [(fetcher: Int, request: PageRequest)] = []
        var idle = Set(0..<fetchers)
        let bound = 100 * keys.count + 1000
        while true {
            var isFinished = false
            for fetcher in idle.sorted().shuffled(using: &generator) {
                switch machine.nextWork(for: fetcher) {
                case .list(let request):
                    pending.append((fetcher, request))
                    idle.remove(fetcher)
                    try checkPartition()
                case .wait: continue
                case .finished: isFinished = true
                }
            }
            guard !pending.isEmpty else {
                guard isFinished else { throw Violation(description: "nothing on its way, yet not finished") }
                break
            }
            guard machine.counters.requests < bound else { throw Violation(description: "too many requests") }
            let (fetcher, request) = pending.remove(at: generator.number(0...pending.count - 1))
            idle.insert(fetcher)
            if generator.number(1...100) <= faults.failures {
                machine.failed(fetcher)
            } else {
                try answer(request, fetcher)
            }
            try checkPartition()
        }
        guard machine.remainingRanges.isEmpty else { throw Violation(description: "ranges are left") }
        return found.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private mutating func answer(_ request: PageRequest, _ fetcher: Int) throws {
        let prefix = machine.configuration.prefix
        let all = keys[firstIndex(after: request.startAfter)...].drop { !$0.starts(with: prefix) }
            .prefix { $0.starts(with: prefix) }
        var size = min(request.limit, all.count)
        if size > 1, generator.number(1...100) <= faults.shortPages { size = generator.number(1...size) }
        let page = all.prefix(size)
        let accepted = try machine.received(page.map { $0[...] }, isTruncated: size < all.count, by: fetcher)
        found.append(contentsOf: page.prefix(accepted.keyCount))
        add(accepted.covered)
        for (index, key) in page.enumerated() where accepted.covered.contains(key[...]) != (index < accepted.keyCount) {
            throw Violation(description: "a key was accepted that is not in what is covered, or the other way round")
        }
        if generator.number(1...100) <= faults.pauses { machine.paused(fetcher) }
    }

    private func firstIndex(after key: [UInt8]) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if key.lexicographicallyPrecedes(keys[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private mutating func add(_ piece: KeyRange) {
        guard piece.after != piece.through else { return }
        let index = listed.firstIndex { piece.after.lexicographicallyPrecedes($0.after) } ?? listed.count
        listed.insert(piece, at: index)
        if index + 1 < listed.count, listed[index].through == listed[index + 1].after {
            listed[index].through = listed.remove(at: index + 1).through
        }
        if index > 0, listed[index - 1].through == listed[index].after {
            listed[index - 1].through = listed.remove(at: index).through
        }
    }

    /// What is listed and what is left make up the job's range, with no gap and no overlap.
    private func checkPartition() throws {
        let range = machine.configuration.range
        let left = machine.remainingRanges
        guard zip(left, left.dropFirst()).allSatisfy({ $0.after.lexicographicallyPrecedes($1.after) }) else {
            throw Violation(description: "the remaining ranges are not in order")
        }
        let pieces = (listed + left).sorted { $0.after.lexicographicallyPrecedes($1.after) }
        var reached: [UInt8]? = range.after
        for piece in pieces {
            guard piece.after == reached else {
                throw Violation(description: "a gap or an overlap at \(piece), reached \(String(describing: reached))")
            }
            reached = piece.through
        }
        guard reached == range.through else { throw Violation(description: "the ranges end early") }
    }
}
