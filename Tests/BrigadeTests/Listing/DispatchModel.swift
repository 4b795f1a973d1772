import Keyspace
import TestSupport

@testable import Brigade

/// Fetchers that share the work on a bucket, which is a sorted array, and whose answers come in random order.
struct DispatchModel {
    /// The order in which the bucket is listed.
    enum Order {
        case bytes
        /// As if `/` stood below every other byte, as servers list that keep keys as paths.
        case folders

        func precedes(_ first: [UInt8], _ second: [UInt8]) -> Bool {
            switch self {
            case .bytes: first.lexicographicallyPrecedes(second)
            case .folders: first.lexicographicallyPrecedes(second) { Self.rank($0) < Self.rank($1) }
            }
        }

        private static func rank(_ byte: UInt8) -> Int { byte == UInt8(ascii: "/") ? -1 : Int(byte) }
    }

    /// How the listing ended.
    enum End: Hashable {
        case complete
        /// A page's keys did not ascend.
        case violation
        /// Ranges did not fit together.
        case gap
        /// It was cut.
        case cut
    }

    /// Whether now and then a page says that the listing is over, though it is not.
    var hasFalseEnds = false
    /// Whether such pages hold no key.
    var hasEmptyEnds = false
    /// Whether pages that contradict others, or that nothing bears out, are asked about, as they should be.
    var asksAgain = true
    private let keys: [[UInt8]]
    private let order: Order
    private let configuration: ListingConfiguration
    private var generator: SeededGenerator
    private var dispatch: FetcherDispatch<Int>
    private var requests: [(fetcher: Int, request: PageRequest)] = []
    private var waiting: Set<Int> = []
    private var ended: Set<Int> = []
    /// The keys that were listed, in order.
    private(set) var found: [[UInt8]] = []
    /// How often it was asked whether the listing is over.
    private(set) var proofs = 0
    /// Pages without a key that were not believed at once.
    private(set) var heldPages = 0
    /// Whether an event woke a fetcher that was not waiting, or left one that had work.
    private(set) var hasMiswoken = false

    init(keys: [[UInt8]], order: Order = .bytes, configuration: ListingConfiguration, generator: SeededGenerator) {
        self.keys = keys.sorted { order.precedes($0, $1) }
        self.order = order
        self.configuration = configuration
        self.generator = generator
        dispatch = FetcherDispatch(configuration)
    }

    /// Seams that were not compared.
    var openSeams: Int { dispatch.openSeams }

    /// Whether every fetcher has come to its end.
    var allEnded: Bool { ended.count == configuration.fetchers && waiting.isEmpty && requests.isEmpty }

    /// Lists everything, or until so many pages were taken.
    mutating func run(pages: Int = .max) -> End {
        for fetcher in 0..<configuration.fetchers { ask(fetcher) }
        while !requests.isEmpty {
            let (fetcher, request) = requests.remove(at: generator.number(0...requests.count - 1))
            if dispatch.acceptedPages >= pages {
                cut()
                return .cut
            }
            if let end = answer(request, fetcher) {
                cut()
                return end
            }
            ask(fetcher)
        }
        found.sort { $0.lexicographicallyPrecedes($1) }
        return .complete
    }

    private mutating func ask(_ fetcher: Int) {
        switch dispatch.next(for: fetcher) {
        case .list(let request): requests.append((fetcher, request))
        case .end: ended.insert(fetcher)
        case .wait:
            dispatch.wait(fetcher, by: fetcher)
            waiting.insert(fetcher)
        }
    }

    private mutating func answer(_ request: PageRequest, _ fetcher: Int) -> End? {
        let start = keys.partitioningIndex { order.precedes(request.startAfter, $0) }
        var page = keys[start...].prefix(generator.number(1...request.limit))
        let isFalseEnd = hasFalseEnds && generator.number(1...5) == 1
        var isTruncated = !isFalseEnd && page.endIndex < keys.endIndex
        // A first page of all that holds no key is believed, as it has to be.
        if isFalseEnd, hasEmptyEnds, !request.startAfter.isEmpty { page = page.prefix(0) }
        if asksAgain {
            if dispatch.contradicts(page.lazy.map { $0[...] }, isTruncated: isTruncated, for: request) {
                page = keys[start...].prefix(request.limit)
                isTruncated = page.endIndex < keys.endIndex
            }
            if dispatch.needsProofOfEnd(page.lazy.map { $0[...] }, isTruncated: isTruncated, for: request) {
                proofs += 1
                isTruncated = page.endIndex < keys.endIndex
            }
        }
        var previous = request.startAfter
        for key in page {
            guard previous.lexicographicallyPrecedes(key) else { return .violation }
            previous = key
        }
        let received = try? dispatch.received(page.map { $0[...] }, isTruncated: isTruncated, for: request, by: fetcher)
        guard let received else { return .violation }
        if received.isHeld { heldPages += 1 }
        found += page.prefix(received.page.keyCount)
        wake(received.wakes)
        return received.gaps.isEmpty ? nil : .gap
    }

    private mutating func cut() {
        wake(dispatch.cut())
        // Whoever has a request on its way comes back for more.
        for (fetcher, _) in requests { ask(fetcher) }
        requests = []
        for fetcher in 0..<configuration.fetchers where !ended.contains(fetcher) { ask(fetcher) }
    }

    private mutating func wake(_ wakes: [FetcherDispatch<Int>.Wake]) {
        for (fetcher, request) in wakes {
            if waiting.remove(fetcher) == nil { hasMiswoken = true }
            if let request { requests.append((fetcher, request)) } else { ended.insert(fetcher) }
        }
    }
}

extension Array {
    /// The first index whose element satisfies what all behind it do too.
    fileprivate func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
