internal import NIOCore

/// An event loop as the place where tasks run: the executor of a ``ConnectionLoop``, and the preferred executor of the
/// tasks that work on it.
///
/// It has to be both. A task that is woken by a continuation comes back through its preferred executor, which is the
/// global pool of threads unless it has one, and only then goes on to its actor; here both are the same, so that an
/// answer wakes its copier on the thread that read it.
final class EventLoopExecutor: SerialExecutor, TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { [self] in
            job.runSynchronously(
                isolatedTo: asUnownedSerialExecutor(),
                taskExecutor: asUnownedTaskExecutor()
            )
        }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    func asUnownedTaskExecutor() -> UnownedTaskExecutor {
        UnownedTaskExecutor(ordinary: self)
    }

    func checkIsolated() {
        eventLoop.preconditionInEventLoop()
    }
}
