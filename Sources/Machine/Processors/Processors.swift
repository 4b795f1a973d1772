import CMachine
import Glibc

/// The processors that a process may run on.
public enum Processors {
    /// How many processors the scheduler may use for a process's main thread (sched_getaffinity(2)); at least 1.
    ///
    /// This is what `nproc` prints. A control group's quota may allow less time than this many processors have.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the process does not exist.
    public static func available(_ process: ProcessReference = .current) throws(MachineError) -> Int {
        let id: pid_t =
            switch process {
            case .current: getpid()
            case .id(let id): id
            }
        let count = cmachine_processor_count(id)
        guard count > 0 else {
            throw MachineError(
                code: .unavailable,
                path: "sched_getaffinity(2)",
                reason: String(cString: strerror(-count))
            )
        }
        return Int(count)
    }
}
