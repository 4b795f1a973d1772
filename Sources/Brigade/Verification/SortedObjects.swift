private import HeapModule
internal import Keyspace

/// Puts any number of objects in the order of their names, with bounded memory: an external merge sort.
///
/// What fits into memory at once is sorted and written to a temporary file as a *run*; at the end the runs are merged.
/// Memory holds one unsorted run, and at the end a piece of each run: with the defaults 8 MiB, and 32 KiB for every
/// 8 MiB that were written.
actor SortedObjects {
    /// The part of a run that has not been given out.
    private struct Run {
        var rest: Range<Int>
        var piece: [UInt8] = []
        var position = 0
    }

    /// The next object of a run.
    private struct Head: Comparable {
        var object: ComparedObject
        var run: Int

        static func < (left: Head, right: Head) -> Bool {
            left.object.name.lexicographicallyPrecedes(right.object.name)
        }
        static func == (left: Head, right: Head) -> Bool { left.object.name == right.object.name }
    }

    private static let pieceLength = 32 * 1024

    private let runLength: Int
    private var storage: SpoolStorage
    private var storedBytes = 0
    private var unsorted: [UInt8] = []
    private var starts: [Int] = []
    private var runs: [Run] = []
    private var heads = Heap<Head>()
    private var lastName: ArraySlice<UInt8>?

    /// Creates an empty sorter.
    ///
    /// - Parameters:
    ///   - folder: Where the temporary file is made, if one is needed. It has no name, and is gone when the process is.
    ///   - runLength: The bytes that are sorted at once, by default 8 MiB; less than that never reaches a file.
    init(folder: String, runLength: Int = 8 * 1024 * 1024) {
        self.runLength = runLength
        storage = SpoolStorage(folder: folder, memoryLimit: runLength)
    }

    /// Takes objects in, in any order.
    ///
    /// - Throws: ``BrigadeError`` with the code `spoolFailed`.
    func append(_ objects: [ComparedObject]) throws(BrigadeError) {
        for object in objects {
            starts.append(unsorted.count)
            object.appendRecord(to: &unsorted)
        }
        if unsorted.count > runLength { try writeRun() }
    }

    /// Ends taking in; ``next(upTo:)`` gives out from here on.
    ///
    /// - Throws: ``BrigadeError`` with the code `spoolFailed`.
    func finish() throws(BrigadeError) {
        try writeRun()
        unsorted = []
        starts = []
        for run in runs.indices { try advance(run) }
    }

    /// The next objects in order, each name once; none behind the last one.
    ///
    /// - Throws: ``BrigadeError`` with the code `spoolFailed`.
    func next(upTo count: Int) throws(BrigadeError) -> [ComparedObject] {
        var objects: [ComparedObject] = []
        while objects.count < count, let head = heads.popMin() {
            try advance(head.run)
            if head.object.name != lastName { objects.append(head.object) }
            lastName = head.object.name
        }
        return objects
    }

    /// Sorts what was taken in, and writes it behind the runs before it.
    private func writeRun() throws(BrigadeError) {
        guard !starts.isEmpty else { return }
        let bytes = unsorted
        starts.sort {
            ComparedObject.name(in: bytes, at: $0).lexicographicallyPrecedes(ComparedObject.name(in: bytes, at: $1))
        }
        let runStart = storedBytes
        var piece: [UInt8] = []
        for start in starts {
            if let (object, _) = ComparedObject.read(bytes, at: start) { object.appendRecord(to: &piece) }
            if piece.count >= Self.pieceLength { try store(&piece) }
        }
        try store(&piece)
        runs.append(Run(rest: runStart..<storedBytes))
        unsorted.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
    }

    private func store(_ piece: inout [UInt8]) throws(BrigadeError) {
        try storage.write(piece, at: storedBytes)
        storedBytes += piece.count
        piece.removeAll(keepingCapacity: true)
    }

    /// Puts a run's next object among the heads, if it has one.
    private func advance(_ index: Int) throws(BrigadeError) {
        if let (object, end) = ComparedObject.read(runs[index].piece, at: runs[index].position) {
            runs[index].position = end
            heads.insert(Head(object: object, run: index))
            return
        }
        // What is left of the piece is the beginning of a record, and is read again with the rest of it.
        let start = runs[index].rest.lowerBound - (runs[index].piece.count - runs[index].position)
        let end = min(start + Self.pieceLength, runs[index].rest.upperBound)
        guard start < end else { return }
        runs[index].piece = try storage.read(end - start, at: start)
        runs[index].position = 0
        runs[index].rest = end..<runs[index].rest.upperBound
        try advance(index)
    }
}
