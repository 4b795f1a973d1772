internal import GRDB

/// The tables of a job's journal.
///
/// `job` has one row. `stretch` holds the ranges that are done with, whose keys are bytes; a `through` of NULL is the
/// end. `failure` holds what failed and was not copied since, `skip` what was left out, `sample` readings of the machine
/// as JSON; so is what a run's verification found. Times are milliseconds since 1970 in UTC.
enum JournalSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE job (
                        id TEXT NOT NULL PRIMARY KEY,
                        name TEXT,
                        createdAt INTEGER NOT NULL,
                        definition TEXT NOT NULL,
                        isInByteOrder INTEGER NOT NULL DEFAULT 1,
                        isCovered INTEGER NOT NULL DEFAULT 0,
                        generation INTEGER NOT NULL DEFAULT 0
                    ) WITHOUT ROWID;
                    CREATE TABLE stretch (
                        after BLOB NOT NULL PRIMARY KEY,
                        through BLOB,
                        objects INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE run (
                        number INTEGER NOT NULL PRIMARY KEY,
                        startedAt INTEGER NOT NULL,
                        endedAt INTEGER NOT NULL,
                        outcome TEXT,
                        message TEXT,
                        listedObjects INTEGER NOT NULL DEFAULT 0, listedBytes INTEGER NOT NULL DEFAULT 0,
                        copiedObjects INTEGER NOT NULL DEFAULT 0, copiedBytes INTEGER NOT NULL DEFAULT 0,
                        skippedObjects INTEGER NOT NULL DEFAULT 0, skippedBytes INTEGER NOT NULL DEFAULT 0,
                        failedObjects INTEGER NOT NULL DEFAULT 0, failedBytes INTEGER NOT NULL DEFAULT 0,
                        notTriedObjects INTEGER NOT NULL DEFAULT 0, notTriedBytes INTEGER NOT NULL DEFAULT 0,
                        isListingComplete INTEGER NOT NULL DEFAULT 0,
                        requests INTEGER NOT NULL DEFAULT 0,
                        retries INTEGER NOT NULL DEFAULT 0
                    );
                    CREATE TABLE failure (
                        key BLOB NOT NULL PRIMARY KEY,
                        size INTEGER NOT NULL,
                        code TEXT NOT NULL,
                        message TEXT NOT NULL,
                        attempts INTEGER NOT NULL,
                        run INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE skip (
                        run INTEGER NOT NULL,
                        reason TEXT NOT NULL,
                        objects INTEGER NOT NULL,
                        PRIMARY KEY (run, reason)
                    ) WITHOUT ROWID;
                    CREATE TABLE sample (
                        run INTEGER NOT NULL,
                        at INTEGER NOT NULL,
                        reading TEXT NOT NULL,
                        PRIMARY KEY (run, at)
                    ) WITHOUT ROWID;
                    """
            )
        }
        migrator.registerMigration("2") { database in
            try database.execute(
                sql: "ALTER TABLE run ADD COLUMN ranges INTEGER; ALTER TABLE run ADD COLUMN verification TEXT"
            )
        }
        return migrator
    }
}
