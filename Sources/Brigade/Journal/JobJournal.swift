internal import Glibc
internal import S3Protocol
private import Synchronization

/// The record of one job in its own folder, open for a run: nobody else runs the job meanwhile.
///
/// The folder holds `journal.sqlite` (``JournalSchema``), `recent.log` while it runs (``CompletionLog``), `lock`, and
/// `failed-keys.jsonl` when whoever runs the job writes it.
public final class JobJournal: Sendable {
    /// The job's number: its time in UTC and two characters, so that numbers sort by age.
    public let id: String
    /// The job's folder.
    public let folder: String
    /// What the job is.
    public let definition: JobDefinition

    private let lock: JobLock
    private let database: JournalDatabase
    private let samples = Mutex(SampleBacklog())

    init(id: String, folder: String, making definition: JobDefinition?) throws(BrigadeError) {
        self.id = id
        self.folder = folder
        lock = try JobLock(path: folder + "/lock")
        database = try JournalDatabase(path: Self.databasePath(folder), isReadOnly: false)
        if let definition {
            try database.begin(id, definition)
            self.definition = definition
        } else {
            self.definition = try database.record(folder: folder, process: nil).definition
        }
    }

    static func databasePath(_ folder: String) -> String { folder + "/journal.sqlite" }

    private var logPath: String { folder + "/recent.log" }

    /// What the journal says of the job by now.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    public func record() throws(BrigadeError) -> JobRecord {
        try database.record(folder: folder, process: Int(getpid()))
    }

    /// Goes through the objects whose last attempt failed, in the order of their keys.
    ///
    /// - Parameter body: Takes one.
    /// - Throws: ``BrigadeError`` with the code `journalFailed`, or what the body throws.
    public func forEachFailure(_ body: (FailedObject) throws -> Void) throws {
        try database.forEachFailure(body)
    }

    /// Takes note of what a run uses of its machine; its next commit keeps it.
    public func note(_ series: SampleSeries) {
        samples.withLock { $0.note(series) }
    }

    /// Keeps what the last run used of its machine up to its end, for the report.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    public func keep(_ series: SampleSeries) throws(BrigadeError) {
        note(series)
        if let change = samples.withLock({ $0.take() }) { try database.save(change) }
    }

    /// Ends the journal's use, and lets others run the job; what was committed is on the disk's way.
    public func close() {
        database.close()
        lock.release()
    }

    /// Throws the job away, as if it had never been begun.
    public func discard() {
        database.close()
        for name in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "recent.log", "lock"] {
            unlink("\(folder)/\(name)")
        }
        rmdir(folder)
    }

    // MARK: For a run

    /// Begins a run: what a run that was killed had done is taken over.
    func beginRun() throws(BrigadeError) -> ProgressRecorder {
        let path = logPath
        let start = try database.beginRun { try CompletionLog.entries(path: path, since: $0) }
        let log = try CompletionLog(path: path, generation: start.generation)
        samples.withLock { $0.beginRun() }
        return ProgressRecorder(self, start, log)
    }

    /// Whether samples wait for a commit.
    var hasUnsavedSamples: Bool { samples.withLock { $0.hasChanged } }

    func save(_ snapshot: JournalDatabase.Snapshot) async throws(BrigadeError) {
        var snapshot = snapshot
        snapshot.samples = samples.withLock { $0.take() }
        try await database.save(snapshot)
    }

    func failures(above key: ObjectKey?, before run: Int, limit: Int) throws(BrigadeError) -> [FailedObject] {
        try database.failures(above: key, before: run, limit: limit)
    }

    /// The run has come to its end, and everything is committed.
    func endRun() {
        unlink(logPath)
    }
}
