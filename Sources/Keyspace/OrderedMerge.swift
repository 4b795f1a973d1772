/// Walks two listings side by side in the order of their names' bytes: what is only in one of them, what is in both.
///
/// The listings come in pieces of any length, and no more than the pieces at hand is kept. The machine asks for the next
/// piece of a side when nothing can be said without it.
public struct OrderedMerge<Entry: NamedEntry>: Sendable {
    /// One of the two listings.
    public enum Side: Sendable, Hashable {
        case source, destination
    }

    /// What comes next.
    public enum Step: Sendable {
        /// Nothing can be said before ``append(_:to:)`` brings more of this side, or ``finish(_:)`` says that it is at its
        /// end.
        case needs(Side)
        /// A name that only the source has.
        case onlyAtSource(Entry)
        /// A name that only the destination has.
        case onlyAtDestination(Entry)
        /// A name that both have.
        case atBoth(Entry, Entry)
        /// Both sides are at their end.
        case end
    }

    private struct Lane {
        var entries: [Entry] = []
        var position = 0
        var lastName: ArraySlice<UInt8>?
        var isFinished = false

        var first: Entry? { position < entries.count ? entries[position] : nil }
    }

    private var source = Lane()
    private var destination = Lane()

    /// Begins with nothing known of either side.
    public init() {}

    /// Takes in the next piece of a side.
    ///
    /// - Throws: ``DisorderError`` at a name that is not above the one before it; those before it were taken in.
    public mutating func append(_ entries: some Sequence<Entry>, to side: Side) throws(DisorderError) {
        switch side {
        case .source: try Self.append(entries, to: &source)
        case .destination: try Self.append(entries, to: &destination)
        }
    }

    /// Nothing more comes of a side.
    public mutating func finish(_ side: Side) {
        switch side {
        case .source: source.isFinished = true
        case .destination: destination.isFinished = true
        }
    }

    /// Goes one name further.
    public mutating func next() -> Step {
        switch (source.first, destination.first) {
        case (nil, _) where !source.isFinished: return .needs(.source)
        case (_, nil) where !destination.isFinished: return .needs(.destination)
        case (nil, nil): return .end
        case (let entry?, nil):
            source.position += 1
            return .onlyAtSource(entry)
        case (nil, let entry?):
            destination.position += 1
            return .onlyAtDestination(entry)
        case (let first?, let second?):
            if KeyOrder.precedes(first.name, second.name) {
                source.position += 1
                return .onlyAtSource(first)
            }
            destination.position += 1
            guard first.name == second.name else { return .onlyAtDestination(second) }
            source.position += 1
            return .atBoth(first, second)
        }
    }

    private static func append(_ entries: some Sequence<Entry>, to lane: inout Lane) throws(DisorderError) {
        lane.entries.removeFirst(lane.position)
        lane.position = 0
        for entry in entries {
            if let last = lane.lastName, !KeyOrder.precedes(last, entry.name) {
                throw DisorderError(name: Array(entry.name))
            }
            lane.entries.append(entry)
            lane.lastName = entry.name
        }
    }
}
