internal import Keyspace

/// Gives the text of a parallel listing out in the order of its keys: the shell around ``OrderedSpoolStateMachine``.
///
/// What comes too early waits in memory while that is little, and then in a temporary file. Memory holds 1 MiB, the text
/// of one batch, and an entry for each range that is still being listed; the file grows to the size of the whole text at
/// most, and 16 bytes a batch.
public struct OrderedSpool: ~Copyable {
    private var machine: OrderedSpoolStateMachine
    private var storage: SpoolStorage

    /// Creates an empty spool for a listing that begins after a key.
    ///
    /// - Parameters:
    ///   - after: The exclusive bound that the listing begins at; empty for all keys.
    ///   - folder: Where the temporary file is made, if one is needed. It has no name, and is gone when the process is.
    ///   - memoryLimit: The most bytes that wait in memory, by default 1 MiB.
    public init(after: [UInt8] = [], folder: String, memoryLimit: Int = 1024 * 1024) {
        machine = OrderedSpoolStateMachine(after: after)
        storage = SpoolStorage(folder: folder, memoryLimit: memoryLimit)
    }

    /// Checks that a temporary file can be made in a folder, which is known otherwise only once one is needed.
    ///
    /// - Throws: ``BrigadeError`` with the code `spoolFailed`.
    public static func check(folder: String) throws(BrigadeError) {
        try SpoolStorage(folder: folder, memoryLimit: 0).check()
    }

    /// Whether something waits for keys before it that did not come yet.
    ///
    /// At the end of a listing nothing does.
    public var isWaiting: Bool { machine.runCount > 0 }

    /// The most bytes that waited at the same time.
    public var highestWaitingBytes: Int { machine.highestStoredBytes }

    /// Takes the text of a batch in, and gives out what is next by now, which may be nothing or much.
    ///
    /// - Parameters:
    ///   - text: The batch's text; empty for a batch without keys.
    ///   - after: The exclusive key that the batch begins after.
    ///   - through: The inclusive key that it ends at; `nil` for no bound.
    ///   - giveOut: Takes a text that is next, of a whole batch.
    /// - Throws: ``BrigadeError`` with the code `spoolFailed` if the temporary file fails, `listingFailed` if the batch
    ///   holds keys that another one held; or what `giveOut` throws.
    public mutating func put(
        _ text: [UInt8],
        after: [UInt8],
        through: [UInt8]?,
        giveOut: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        switch try take(KeyRange(after: after, through: through), length: text.count) {
        case .giveOut(let chain):
            if !text.isEmpty { try giveOut(text[...]) }
            var next = chain
            while let block = next {
                let bytes = try storage.read(SpoolBlock.linkLength + block.length, at: block.offset)
                try giveOut(bytes.dropFirst(SpoolBlock.linkLength))
                next = SpoolBlock(link: bytes.prefix(SpoolBlock.linkLength))
            }
            if machine.storedBytes == 0 { storage.clear() }
        case .store(let block, let next, let previous):
            try storage.write(SpoolBlock.link(to: next), at: block.offset)
            try storage.write(text, at: block.offset + SpoolBlock.linkLength)
            if let previous { try storage.write(SpoolBlock.link(to: block), at: previous.offset) }
        case .link(let block, let next): try storage.write(SpoolBlock.link(to: next), at: block.offset)
        case .nothing: break
        }
    }

    private mutating func take(
        _ range: KeyRange,
        length: Int
    ) throws(BrigadeError) -> OrderedSpoolStateMachine.Action {
        do {
            return try machine.take(range, length: length)
        } catch {
            throw BrigadeError(code: .listingFailed, message: "\(error)", cause: error)
        }
    }
}

extension SpoolBlock {
    /// The link to a block, or to none: its offset and its length, 8 bytes each, the lowest first.
    fileprivate static func link(to block: SpoolBlock?) -> [UInt8] {
        [block?.offset ?? 0, block?.length ?? 0].flatMap { number in
            (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
    }

    /// The block that a link leads to; `nil` for the link to none.
    fileprivate init?(link: ArraySlice<UInt8>) {
        func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
        let length = number(link.suffix(8))
        guard length > 0 else { return nil }
        self.init(offset: number(link.prefix(8)), length: length)
    }
}
