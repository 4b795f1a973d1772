internal import Brigade

/// A job's journal as a command uses it: what is told of the job, and the file of what failed.
struct JobSession: Sendable {
    let journal: JobJournal
    let scope: CopyRun.Scope
    /// Whether this is the job's first run.
    let isNew: Bool
    /// The file that the user wants to have what failed; it is in the job's folder anyway.
    let failedKeys: String?
    let isQuiet: Bool

    /// Tells how the job is found again.
    func announce() {
        guard !isQuiet else { return }
        let id = journal.id
        let line =
            isNew
            ? "job \(id); however it ends, 'brigade resume \(id)' goes on with it"
            : "going on with job \(id), from \(journal.definition.source) to \(journal.definition.destination)"
        StandardError.write("brigade: \(KeyText.escaped(line))\n")
    }

    /// The job could not start: a new one leaves nothing behind.
    func giveUp() {
        if isNew { journal.discard() }
    }

    /// Keeps what a run used of its machine, and writes what failed to its files.
    ///
    /// - Returns: What is to be told of the whole job.
    /// - Throws: ``CommandFailure`` if the journal cannot be read or a file not be written.
    func conclude(_ summary: CopySummary) throws -> JobFigures {
        do {
            if let series = summary.machine, summary.abortedBy?.code != .journalFailed {
                // What a job did is told all the same where these figures cannot be kept.
                try? journal.keep(series)
            }
            let record = try journal.record()
            var figures = JobFigures(record)
            let own = FailedKeysFile(path: journal.folder + "/failed-keys.jsonl")
            if record.failedObjects > 0 {
                try own.write(journal)
                figures.failedKeys = own.path
            } else {
                own.remove()
            }
            if let failedKeys {
                try FailedKeysFile(path: failedKeys).write(journal)
                figures.failedKeys = failedKeys
            }
            return figures
        } catch let error as BrigadeError {
            throw CommandFailure.fatal(error.message)
        }
    }

    /// Lets go of the journal.
    func end() {
        journal.close()
    }
}
