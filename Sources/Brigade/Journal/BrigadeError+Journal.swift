internal import GRDB

extension BrigadeError {
    /// An error of the journal: `message` follows "the job's journal".
    static func journal(_ message: String, cause: (any Error)? = nil) -> BrigadeError {
        BrigadeError(code: .journalFailed, message: "the job's journal \(message)", cause: cause)
    }

    /// What a database's error means for whoever runs a job, and what to do (result codes: sqlite.org/rescode.html).
    static func journal(_ error: any Error, at path: String) -> BrigadeError {
        if let error = error as? BrigadeError { return error }
        guard let error = error as? DatabaseError else {
            return .journal("\(path) cannot be used: \(error)", cause: error)
        }
        let detail = error.message ?? "code \(error.extendedResultCode.rawValue)"
        let sentence =
            switch error.resultCode {
            case .SQLITE_FULL:
                "\(path) cannot grow: its disk is full; make room and resume the job, or choose another place with "
                    + "--state-directory"
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                "\(path) is locked by another program, such as a database browser; close it there and resume the job"
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                "\(path) is damaged (\(detail)); move its folder away and begin the job anew: what is copied already "
                    + "is copied again"
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
                "\(path) cannot be written to (\(detail)); check its permissions, or choose another place with "
                    + "--state-directory"
            case .SQLITE_IOERR:
                "\(path) cannot be read or written (\(detail)); check its disk and the space left on it"
            default: "\(path) cannot be used: \(detail)"
            }
        return .journal(sentence, cause: error)
    }
}
