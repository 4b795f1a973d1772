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
    /// What is to be listed, in order, neighbouring ranges made one.
    private let ranges: [KeyRange]
    private let starts: [[UInt8]]
    /// What is listed, in order, neighbouring pieces made one.
    private var listed: [KeyRange] = []
    private var found: [[UInt8]] = []

    init(keys: [[UInt8]], configuration: ListingConfiguration, generator: SeededGenerator) {
        self.keys = keys
        self.generator = generator
        machine = ListingStateMachine(configuration: configuration)
        ranges = [configuration.range]
        starts = [configuration.range.after]
    }

    /// Lists several ranges.
    init(
        keys: [[UInt8]],
        configuration: ListingConfiguration,
        ranges: [KeyRange],
        generator: SeededGenerator
    ) throws {
        self.keys = keys
        self.generator = generator
        self.ranges = try Self.joined(ranges)
        starts = ranges.map(\.after)
        machine = ListingStateMachine(configuration: configuration, ranges: ranges)
    }

    /// Lists everything, or until so many requests were made, and returns the keys in order.
    mutating func run(requests limit: Int = .max) throws -> [[UInt8]] {
        let fetchers = machine.configuration.fetchers
        var pending: [(fetcher: Int, request: PageRequest)] = []
        var idle = Set(0..<fetchers)
        let bound = 100 * keys.count + 1000
        while machine.counters.requests < limit {
            var isFinished = false
            for fetcher in idle.sorted().shuffled(using: &generator) {
                switch machine.nextWork(for: fetcher) {
                case .list(let request):
                    pending.append((fetcher, request))
                    idle.remove(fetcher)
                    try checkPartition()
                    try check(request)
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
        guard machine.remainingRanges.isEmpty || machine.counters.requests >= limit else {
            throw Violation(description: "ranges are left")
        }
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

    /// What is listed and what is left make up the ranges of the job, with no gap and no overlap.
    private func checkPartition() throws {
        let left = machine.remainingRanges
        guard zip(left, left.dropFirst()).allSatisfy({ $0.after.lexicographicallyPrecedes($1.after) }) else {
            throw Violation(description: "the remaining ranges are not in order")
        }
        let all = try Self.joined((listed + left).sorted { $0.after.lexicographicallyPrecedes($1.after) })
        guard all == ranges else { throw Violation(description: "\(all) instead of \(ranges)") }
    }

    /// Ranges in order, those that touch made one.
    private static func joined(_ ranges: [KeyRange]) throws -> [KeyRange] {
        var result: [KeyRange] = []
        for range in ranges where range.after != range.through {
            guard let below = result.last else {
                result.append(range)
                continue
            }
            guard let through = below.through, !range.after.lexicographicallyPrecedes(through) else {
                throw Violation(description: "\(range) overlaps \(below)")
            }
            if through == range.after {
                result[result.count - 1].through = range.through
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// A request lies in a range that is left, and S3 takes it.
    private func check(_ request: PageRequest) throws {
        let start = request.startAfter
        guard
            machine.remainingRanges.contains(where: { range in
                range.after == start && (range.through.map { start.lexicographicallyPrecedes($0) } ?? true)
            })
        else { throw Violation(description: "a request after \(start), where no range begins") }
        guard start.count <= 1024 else { throw Violation(description: "a request after \(start.count) bytes") }
        let isGiven = { machine.configuration.splitPoints.contains(start) || starts.contains(start) }
        let isListed = { keys[..<firstIndex(after: start)].last == start }
        guard String(validating: start, as: UTF8.self) != nil || isListed() || isGiven() else {
            throw Violation(description: "a request after what is neither UTF-8 nor a key: \(start)")
        }
    }
}
