internal import Foundation
internal import Glibc
internal import S3Protocol
internal import SystemPackage

/// Where the journals of jobs are: a folder for each.
public struct StateDirectory: Sendable, Hashable {
    /// The folder's path.
    public let path: String

    /// Names a folder, which is made when the first job is.
    public init(path: String) {
        self.path = path
    }

    /// The folder of the user: `$XDG_STATE_HOME/brigade`, or `$HOME/.local/state/brigade` (XDG Base Directory
    /// Specification 0.8, which says that relative paths are to be ignored).
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed` if the environment names neither.
    public init(environment: [String: String]) throws(BrigadeError) {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            path = state + "/brigade"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            path = home + "/.local/state/brigade"
        } else {
            throw .journal("has no place, since neither XDG_STATE_HOME nor HOME is set; use --state-directory")
        }
    }

    private var jobsFolder: String { path + "/jobs" }

    // MARK: Jobs

    /// Makes the journal of a new job.
    ///
    /// - Parameter definition: What the job is.
    /// - Returns: The journal, which nobody else can open meanwhile.
    /// - Throws: ``BrigadeError``: `invalidJob` for a name that is not allowed or that another job has;
    ///   `journalFailed` if the folder or the journal cannot be made.
    public func makeJob(_ definition: JobDefinition) throws(BrigadeError) -> JobJournal {
        try definition.validate()
        if let name = definition.name, let other = try ids().first(where: { answers($0).contains(name) }) {
            throw BrigadeError(
                code: .invalidJob,
                message: "the job \(other) has the name '\(name)' already; go on with it by 'brigade resume \(name)', "
                    + "or choose another name"
            )
        }
        try makeFolder(jobsFolder)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let id = Self.newID(at: UTCTime(secondsSinceEpoch: time(nil)), using: &random)
            let folder = "\(jobsFolder)/\(id)"
            if mkdir(folder, 0o700) == 0 { return try JobJournal(id: id, folder: folder, making: definition) }
            guard errno == EEXIST else { throw Self.failure(making: folder) }
        }
        throw .journal("has no place in \(jobsFolder): every number that was tried is taken")
    }

    /// Opens the journal of a job, so that it can be gone on with.
    ///
    /// - Parameter reference: The job's number or name, or the beginning of one that no other job has.
    /// - Returns: The journal, which nobody else can open meanwhile.
    /// - Throws: ``BrigadeError``: `noSuchJob` if there is none or more than one; `jobRunning` while another process
    ///   runs it; `journalFailed` if the journal cannot be used.
    public func openJob(_ reference: String) throws(BrigadeError) -> JobJournal {
        let id = try resolve(reference)
        return try JobJournal(id: id, folder: "\(jobsFolder)/\(id)", making: nil)
    }

    /// What the journal of a job says, with the samples of its runs.
    ///
    /// - Throws: ``BrigadeError``: `noSuchJob` or `journalFailed`.
    public func record(of reference: String) throws(BrigadeError) -> JobRecord {
        try record(id: resolve(reference), withSamples: true)
    }

    /// What every job's journal says, oldest first; the error of one that cannot be read stands in its place.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed` if the folder cannot be read; that there is none means
    ///   that there are no jobs.
    public func records() throws(BrigadeError) -> [(id: String, record: Result<JobRecord, BrigadeError>)] {
        try ids().map { id in (id, Result { () throws(BrigadeError) in try record(id: id, withSamples: false) }) }
    }

    // MARK: Finding

    private func record(id: String, withSamples: Bool) throws(BrigadeError) -> JobRecord {
        let folder = "\(jobsFolder)/\(id)"
        let database = try JournalDatabase(path: JobJournal.databasePath(folder), isReadOnly: true)
        defer { database.close() }
        var record = try database.record(folder: folder, process: JobLock.holder(path: folder + "/lock"))
        guard withSamples else { return record }
        for index in record.runs.indices {
            record.runs[index].samples = try database.samples(of: record.runs[index].number)
        }
        return record
    }

    private func resolve(_ reference: String) throws(BrigadeError) -> String {
        let jobs = try ids().map { (id: $0, answers: answers($0)) }
        if let exact = jobs.first(where: { $0.answers.contains(reference) }) { return exact.id }
        let found = jobs.filter { $0.answers.contains { !reference.isEmpty && $0.hasPrefix(reference) } }.map(\.id)
        guard let id = found.first else {
            throw BrigadeError(
                code: .noSuchJob,
                message: "there is no job '\(reference)' in \(path); 'brigade jobs' tells which there are"
            )
        }
        guard found.count == 1 else {
            throw BrigadeError(
                code: .noSuchJob,
                message: "'\(reference)' may be any of \(found.count) jobs (\(found.prefix(5).joined(separator: ", "))"
                    + "\(found.count > 5 ? ", …" : "")); write more of it"
            )
        }
        return id
    }

    /// What a job answers to: its number and its name; one whose journal cannot be read has its number only.
    private func answers(_ id: String) -> [String] {
        guard let record = try? record(id: id, withSamples: false), let name = record.definition.name
        else { return [id] }
        return [id, name]
    }

    private func ids() throws(BrigadeError) -> [String] {
        guard let folder = opendir(jobsFolder) else {
            if errno == ENOENT { return [] }
            throw .journal("folder \(jobsFolder) cannot be read: \(Errno(rawValue: errno))")
        }
        defer { closedir(folder) }
        var ids: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { ids.append(name) }
        }
        return ids.sorted()
    }

    // MARK: Making

    private func makeFolder(_ path: String) throws(BrigadeError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Self.failure(making: path)
        }
    }

    private static func failure(making folder: String) -> BrigadeError {
        .journal(
            "cannot be kept: the folder \(folder) cannot be made (\(Errno(rawValue: errno))); choose another place with "
                + "--state-directory, or do without resuming by --no-journal"
        )
    }

    /// `20261124-033212-k7`: the second, and two characters at random for jobs of the same second.
    private static func newID(at time: UTCTime, using random: inout some RandomNumberGenerator) -> String {
        func digits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let moment = time.calendar
        let day = "\(moment.year)\(digits(moment.month))\(digits(moment.day))"
        let clock = "\(digits(moment.hour))\(digits(moment.minute))\(digits(moment.second))"
        // None that are taken for each other when they are read out.
        let letters = Array("23456789abcdefghjkmnpqrstvwxyz")
        let suffix = String((0..<2).map { _ in letters[Int.random(in: letters.indices, using: &random)] })
        return "\(day)-\(clock)-\(suffix)"
    }
}
