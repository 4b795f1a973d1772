internal import Foundation
internal import GRDB
internal import Glibc
internal import Keyspace
internal import S3Protocol

/// The SQLite file of one job: what is written to it and read from it.
///
/// It is in WAL mode with `synchronous = NORMAL`: a commit is a write to the log, with no wait for the disk. A process
/// that is killed loses nothing that was committed; a machine that loses its power may lose the last commits, and is
/// left with an earlier, consistent state (sqlite.org/pragma.html#pragma_synchronous).
final class JournalDatabase: Sendable {
    /// What one commit saves.
    struct Snapshot {
        var generation: Int
        var run: RunRow
        var isInByteOrder: Bool
        var isCovered: Bool
        /// Whether the run has listed everything, so that what failed in it is all that fails.
        var isListedAnew: Bool
        var stretches: [CompletedStretch]
        /// What failed since the last commit.
        var failures: [FailedObject]
        /// What a verification found missing or different since the last commit.
        var mismatches: [FailedObject]
        /// What had failed before and did not any more.
        var resolved: [[UInt8]]
        /// Objects left out in this run.
        var skips: [String: Int]
        /// What the run used of its machine.
        var samples: SampleBacklog.Change?
    }

    /// The file's path.
    let path: String
    private let queue: DatabaseQueue

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: Its path.
    ///   - isReadOnly: Whether nothing is to be written.
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    init(path: String, isReadOnly: Bool) throws(BrigadeError) {
        self.path = path
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(5)
        configuration.label = "journal"
        if !isReadOnly {
            configuration.journalMode = .wal
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                // The log grows to 1 MiB before it goes into the file, and is cut back to that.
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 256; PRAGMA journal_size_limit = 1048576")
            }
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let isNewer = try queue.read { try JournalSchema.migrator.hasBeenSuperseded($0) }
            guard !isNewer else {
                throw BrigadeError.journal("\(path) was written by a newer version of brigade; use that one")
            }
            if !isReadOnly { try JournalSchema.migrator.migrate(queue) }
        } catch {
            throw .journal(error, at: path)
        }
    }

    /// Closes the file, whose log goes into it.
    func close() {
        // What was committed is safe in the log, too.
        try? queue.close()
    }

    // MARK: The job

    /// Writes the job's own row.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    func begin(_ id: String, _ definition: JobDefinition) throws(BrigadeError) {
        do {
            let text = String(decoding: try JSONEncoder().encode(definition), as: UTF8.self)
            try queue.write { database in
                try database.execute(
                    sql: "INSERT INTO job (id, name, createdAt, definition) VALUES (?, ?, ?, ?)",
                    arguments: [id, definition.name, Self.now, text]
                )
            }
        } catch {
            throw .journal(error, at: path)
        }
    }

    /// Brings the journal up to what the log says, closes runs that did not end, and begins a new one.
    ///
    /// - Parameter log: What was done with since a commit.
    /// - Returns: Where the run begins.
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    func beginRun(
        log: (_ generation: Int) throws -> [CompletionLog.Entry]
    ) throws(BrigadeError) -> ProgressRecorder.Start {
        do {
            return try queue.write { database in
                guard let job = try Row.fetchOne(database, sql: "SELECT * FROM job") else {
                    throw BrigadeError.journal("\(path) says nothing of a job; its beginning was cut short")
                }
                let isInByteOrder: Bool = job["isInByteOrder"]
                let generation: Int = job["generation"]
                // Where ranges mean nothing, so does what was said of them before that was known.
                var ledger = CompletionLedger(isInByteOrder ? try Self.stretches(database) : [])
                let entries = try log(generation)
                if var last = try RunRow.order(sql: "number DESC").fetchOne(database), last.outcome == nil {
                    last.add(entries)
                    last.outcome = .killed
                    try last.update(database)
                }
                for entry in entries {
                    if entry.kind == .retried {
                        try Self.resolve(entry.range.through ?? [], in: database)
                    } else if isInByteOrder {
                        ledger.insert(CompletedStretch(entry.range, objects: 1))
                    }
                }
                try Self.save(ledger.stretches, in: database)
                try database.execute(sql: "UPDATE job SET generation = ?", arguments: [generation + 1])
                let number = try Int.fetchOne(database, sql: "SELECT max(number) FROM run") ?? 0
                let hasCopied = try Bool.fetchOne(database, sql: "SELECT max(copiedObjects) > 0 FROM run") ?? false
                var run = RunRow(number: number + 1, startedAt: Self.now)
                if !ledger.stretches.isEmpty { run.ranges = ledger.gaps(in: KeyRange()).count }
                try run.insert(database)
                return ProgressRecorder.Start(
                    ledger: ledger,
                    isInByteOrder: isInByteOrder,
                    isCovered: job["isCovered"],
                    generation: generation + 1,
                    run: run,
                    hasCopied: hasCopied
                )
            }
        } catch {
            throw .journal(error, at: path)
        }
    }

    // MARK: Commits

    /// Saves how far a run is, on a thread of the database's own.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    func save(_ snapshot: Snapshot) async throws(BrigadeError) {
        let outcome = await withCheckedContinuation { continuation in
            // Not the asynchronous form, which gives up when its task is cancelled.
            queue.asyncWrite({ try Self.save(snapshot, in: $0) }, completion: { continuation.resume(returning: $1) })
        }
        do {
            try outcome.get()
        } catch {
            throw .journal(error, at: path)
        }
    }

    private static func save(_ snapshot: Snapshot, in database: Database) throws {
        var run = snapshot.run
        run.endedAt = now
        try run.update(database)
        try save(snapshot.stretches, in: database)
        let number = run.number
        let failure = try database.cachedStatement(
            sql: """
                INSERT INTO failure (key, size, code, message, attempts, run) VALUES (?, ?, ?, ?, 1, ?)
                ON CONFLICT (key) DO UPDATE SET size = excluded.size, code = excluded.code,
                    message = excluded.message, run = excluded.run,
                    attempts = attempts + (run <> excluded.run)
                """
        )
        for each in snapshot.failures {
            try failure.execute(arguments: [Data(each.key.bytes), each.size, each.code, each.message, number])
        }
        for key in snapshot.resolved { try resolve(key, in: database) }
        let mismatch = try database.cachedStatement(
            sql: """
                INSERT INTO failure (key, size, code, message, attempts, run) VALUES (?, ?, ?, ?, 1, ?)
                ON CONFLICT (key) DO UPDATE SET run = excluded.run
                """
        )
        // What is missing since it failed is known by its own cause.
        for each in snapshot.mismatches {
            try mismatch.execute(arguments: [Data(each.key.bytes), each.size, each.code, each.message, number])
        }
        for (reason, objects) in snapshot.skips {
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO skip (run, reason, objects) VALUES (?, ?, ?)")
                .execute(arguments: [number, reason, objects])
        }
        if let samples = snapshot.samples { try save(samples, of: run, in: database) }
        if snapshot.isListedAnew {
            try database.execute(sql: "DELETE FROM failure WHERE run < ?", arguments: [number])
        }
        try database.execute(
            sql: "UPDATE job SET generation = ?, isInByteOrder = ?, isCovered = ?",
            arguments: [snapshot.generation, snapshot.isInByteOrder, snapshot.isCovered]
        )
    }

    private static func save(_ stretches: [CompletedStretch], in database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM stretch").execute()
        let insert = try database.cachedStatement(
            sql: "INSERT INTO stretch (after, through, objects) VALUES (?, ?, ?)"
        )
        for stretch in stretches {
            let through = stretch.range.through.map { Data($0) }
            try insert.execute(arguments: [Data(stretch.range.after), through, stretch.objects])
        }
    }

    /// Keeps what the last run used of its machine.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    func save(_ samples: SampleBacklog.Change) throws(BrigadeError) {
        do {
            try queue.write { database in
                guard let run = try RunRow.order(sql: "number DESC").fetchOne(database) else { return }
                try Self.save(samples, of: run, in: database)
            }
        } catch {
            throw .journal(error, at: path)
        }
    }

    private static func save(_ samples: SampleBacklog.Change, of run: RunRow, in database: Database) throws {
        func time(_ elapsed: Duration) -> Int { run.startedAt + Int(elapsed / .milliseconds(1)) }
        try database.cachedStatement(sql: "DELETE FROM sample WHERE run = ? AND at >= ?")
            .execute(arguments: [run.number, time(samples.from)])
        let insert = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO sample (run, at, reading) VALUES (?, ?, ?)"
        )
        for sample in samples.samples {
            let reading = String(decoding: try JSONEncoder().encode(sample), as: UTF8.self)
            try insert.execute(arguments: [run.number, time(sample.elapsed), reading])
        }
    }

    private static func resolve(_ key: [UInt8], in database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM failure WHERE key = ?").execute(arguments: [Data(key)])
    }

    private static func stretches(_ database: Database) throws -> [CompletedStretch] {
        try Row.fetchAll(database, sql: "SELECT after, through, objects FROM stretch ORDER BY after").map { row in
            let after: Data = row["after"]
            let through: Data? = row["through"]
            let range = KeyRange(after: Array(after), through: through.map { Array($0) })
            return CompletedStretch(range, objects: row["objects"])
        }
    }

    // MARK: Reading

    /// Some of the objects whose last attempt failed, in the order of their keys.
    ///
    /// - Parameters:
    ///   - key: Those above it; `nil` for the first.
    ///   - run: Only those that did not fail in this run; `nil` for all.
    ///   - limit: The most to give.
    /// - Returns: The objects.
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    func failures(above key: ObjectKey?, before run: Int?, limit: Int) throws(BrigadeError) -> [FailedObject] {
        do {
            return try queue.read { database in
                try Row.fetchAll(
                    database,
                    sql: "SELECT * FROM failure WHERE key > ? AND run < ? ORDER BY key LIMIT ?",
                    arguments: [Data(key?.bytes ?? []), run ?? Int(Int32.max), limit]
                ).map { row in
                    let key: Data = row["key"]
                    return FailedObject(
                        key: ObjectKey(Array(key)),
                        size: row["size"],
                        code: row["code"],
                        message: row["message"],
                        attempts: row["attempts"]
                    )
                }
            }
        } catch {
            throw .journal(error, at: path)
        }
    }

    /// Everything that is told of the job, but for single objects.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    func record(folder: String, process: Int?) throws(BrigadeError) -> JobRecord {
        do {
            return try queue.read { database in
                guard let job = try Row.fetchOne(database, sql: "SELECT * FROM job") else {
                    throw BrigadeError.journal("\(path) says nothing of a job; its beginning was cut short")
                }
                let definition: String = job["definition"]
                let createdAt: Int = job["createdAt"]
                let isInByteOrder: Bool = job["isInByteOrder"]
                var runs = try RunRow.order(sql: "number").fetchAll(database).map(\.record)
                if process == nil, let last = runs.indices.last, runs[last].outcome == nil {
                    runs[last].outcome = .killed
                }
                var record = JobRecord(
                    id: job["id"],
                    definition: try JSONDecoder().decode(JobDefinition.self, from: Data(definition.utf8)),
                    createdAt: UTCTime(secondsSinceEpoch: createdAt / 1000),
                    folder: folder,
                    runs: runs,
                    failures: try Self.groups(
                        database,
                        "SELECT code AS reason, count(*) AS objects, min(message) AS example FROM failure GROUP BY code"
                    ),
                    skips: [],
                    isInByteOrder: isInByteOrder,
                    isCovered: job["isCovered"],
                    process: process
                )
                record.skips = try Self.groups(
                    database,
                    "SELECT reason, sum(objects) AS objects, '' AS example FROM skip WHERE run >= ? GROUP BY reason",
                    [record.firstRunThatCounts]
                )
                return record
            }
        } catch {
            throw .journal(error, at: path)
        }
    }

    /// What a run used of its machine, from its beginning on.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    func samples(of run: Int) throws(BrigadeError) -> [MachineSample] {
        do {
            return try queue.read { database in
                try String.fetchAll(
                    database,
                    sql: "SELECT reading FROM sample WHERE run = ? ORDER BY at",
                    arguments: [run]
                ).map { try JSONDecoder().decode(MachineSample.self, from: Data($0.utf8)) }
            }
        } catch {
            throw .journal(error, at: path)
        }
    }

    private static func groups(
        _ database: Database,
        _ sql: String,
        _ arguments: StatementArguments = []
    ) throws -> [JobRecord.Group] {
        try Row.fetchAll(database, sql: sql + " ORDER BY objects DESC, reason", arguments: arguments).map { row in
            JobRecord.Group(reason: row["reason"], objects: row["objects"], example: row["example"])
        }
    }

    /// This machine's time, in milliseconds since 1970.
    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

extension RunRow {
    /// Counts what a run did after its last commit.
    fileprivate mutating func add(_ entries: [CompletionLog.Entry]) {
        var counters = counters
        for entry in entries {
            if entry.kind == .retried || entry.kind == .copied {
                counters.copied.add(bytes: entry.size)
            } else {
                counters.skipped.add(bytes: entry.size)
            }
        }
        let done = counters.copied.objects + counters.skipped.objects + counters.failed.objects
        if done > counters.listed.objects {
            counters.listed.add(objects: done - counters.listed.objects, bytes: 0)
        }
        self.counters = counters
    }
}

extension JournalDatabase {
    /// Goes through the objects whose last attempt failed, a thousand at a time.
    func forEachFailure(_ body: (FailedObject) throws -> Void) throws {
        var last: ObjectKey?
        while true {
            let failures = try failures(above: last, before: nil, limit: 1000)
            for failure in failures { try body(failure) }
            guard failures.count == 1000 else { return }
            last = failures.last?.key
        }
    }
}
