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
        // From now on, what failed in earlier runs may be copied; the run's end writes the file anew.
        if !isNew { ownFailedKeys.remove() }
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

    /// Checks that what failed can be written where the user wants it, before anything is copied.
    ///
    /// - Throws: ``CommandFailure`` if not.
    func checkFailedKeys() throws {
        if let failedKeys { try FailedKeysFile(path: failedKeys).check() }
    }

    /// Keeps what a run used of its machine, and writes what failed to its files.
    ///
    /// - Parameter summary: What the run did; its error is set if the journal cannot be read or a file not be written.
    /// - Returns: What is to be told of the whole job, as far as it could be read.
    func conclude(_ summary: inout CopySummary) -> JobFigures? {
        var figures: JobFigures?
        do {
            if let series = summary.machine, summary.abortedBy?.code != .journalFailed {
                // What a job did is told all the same where these figures cannot be kept.
                try? journal.keep(series)
            }
            let record = try journal.record()
            figures = JobFigures(record)
            let own = ownFailedKeys
            if record.failedObjects > 0 {
                try own.write(journal)
                figures?.failedKeys = own.path
            } else {
                own.remove()
            }
            if let failedKeys {
                try FailedKeysFile(path: failedKeys).write(journal)
                figures?.failedKeys = failedKeys
            }
        } catch {
            let message = (error as? BrigadeError)?.message ?? (error as? CommandFailure)?.message ?? "\(error)"
            summary.abortedBy = summary.abortedBy ?? BrigadeError(code: .journalFailed, message: message)
        }
        return figures
    }

    /// The file in the job's own folder.
    private var ownFailedKeys: FailedKeysFile { FailedKeysFile(path: journal.folder + "/failed-keys.jsonl") }

    /// Lets go of the journal.
    func end() {
        journal.close()
    }
}
