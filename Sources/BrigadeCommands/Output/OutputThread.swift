private import Dispatch

/// A thread on which an actor may block, as one does that writes for someone who reads slowly.
final class OutputThread: SerialExecutor {
    private let queue = DispatchQueue(label: "output")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
