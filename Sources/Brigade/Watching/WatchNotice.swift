/// What a user wants to know of while a job runs.
public enum WatchNotice: Sendable, Hashable {
    /// So many descriptors of this process are open, of so many.
    case descriptors(inUse: Int, of: Int)
    /// So few local ports are left towards one of the job's addresses; so many connections there are in TIME_WAIT.
    case localPorts(left: Int, timeWait: Int)
    /// No answer has come for so long, and connections break or cannot be opened.
    case unreachable(for: Duration)
    /// Answers come again, after so long.
    case reachable(after: Duration)
}
