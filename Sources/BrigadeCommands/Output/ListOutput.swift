internal import Brigade
internal import Synchronization

/// Writes what a listing finds, on a thread of its own: one that is slow to read holds up fetchers, but no connection.
actor ListOutput {
    /// What is to be written comes after ``stop()``.
    private struct Stopped: Error {}

    private let thread = OutputThread()
    private let write: @Sendable (ArraySlice<UInt8>) -> Void
    private var lines: ObjectLines
    private var spool: OrderedSpool?
    private var objectsWritten = 0
    private let isStopped = Atomic(false)
    /// Even between two texts, odd while one is being written.
    private let pulse = Atomic(0)

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Creates an output.
    ///
    /// - Parameters:
    ///   - format: The form of the lines.
    ///   - spoolFolder: Where to keep what has to wait so that the lines come in the order of their keys; `nil` to write
    ///     them as they come.
    ///   - write: Takes the next whole lines, and may block.
    init(_ format: ListFormat, spoolFolder: String?, write: @escaping @Sendable (ArraySlice<UInt8>) -> Void) {
        lines = ObjectLines(format)
        spool = spoolFolder.map { OrderedSpool(folder: $0) }
        self.write = write
    }

    /// What was done: the lines written, and the most bytes that waited for their turn at the same time.
    var totals: (objectsWritten: Int, highestWaitingBytes: Int) {
        (objectsWritten, spool?.highestWaitingBytes ?? 0)
    }

    /// Whether something still waits for keys before it.
    var isWaiting: Bool { spool?.isWaiting ?? false }

    /// Takes a part of the listing, and writes what can be written by now.
    ///
    /// - Throws: ``BrigadeError`` if lines cannot be kept for later, any error after ``stop()``.
    func take(_ batch: ListedBatch) throws {
        lines.removeAll()
        for object in batch.objects { lines.append(object) }
        guard spool != nil else { return try writeOut(lines.bytes[...], count: batch.objects.count) }
        try spool?.put(lines.bytes, after: batch.after, through: batch.through) { text in
            try writeOut(text, count: text.count { $0 == UInt8(ascii: "\n") })
        }
    }

    private func writeOut(_ text: ArraySlice<UInt8>, count: Int) throws {
        guard !isStopped.load(ordering: .relaxed) else { throw Stopped() }
        pulse.add(1, ordering: .relaxed)
        write(text)
        pulse.add(1, ordering: .relaxed)
        objectsWritten += count
    }

    /// Lets nothing more be written; what is being written is.
    nonisolated func stop() {
        isStopped.store(true, ordering: .relaxed)
    }

    /// A number that tells whether the output goes on, for ``isStuck(since:)``.
    nonisolated var beat: Int { pulse.load(ordering: .relaxed) }

    /// Whether the text that was being written at an earlier beat still is, as when nobody reads it.
    nonisolated func isStuck(since earlier: Int) -> Bool {
        earlier % 2 == 1 && beat == earlier
    }
}
