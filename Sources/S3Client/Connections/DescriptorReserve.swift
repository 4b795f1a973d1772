private import Glibc
private import Synchronization
package import SystemPackage

/// Descriptors that a client holds for when the process or the system has no other left, and then gives up.
///
/// A lookup of a name, a file of the journal and a probe of the kernel each need a descriptor for a moment, and Dispatch
/// ends the process where it cannot look at its threads in `/proc`. Connections, which keep theirs, must leave them that:
/// while the reserve is given up, a connection may be opened only where as many descriptors are left beside it.
package final class DescriptorReserve: Sendable {
    /// What lookups, files and the runtime need at the same time, with some to spare.
    package static let size = 8
    /// With so many times as many left, a shortage is over.
    private static let plenty = 4

    private let size: Int
    private let held = Mutex<[FileDescriptor]>([])

    /// Opens so many descriptors, or none if there are fewer.
    package init(_ size: Int = DescriptorReserve.size) {
        self.size = size
        _ = restore()
    }

    deinit {
        giveUp()
    }

    /// Whether a connection may be opened.
    ///
    /// - Returns: `nil` if so; otherwise what the kernel would say to whoever opens something after it.
    func refusal() -> Errno? {
        if held.withLock({ !$0.isEmpty }) { return nil }
        let left = Self.descriptorsLeft(atMost: Self.plenty * size)
        if left < Self.plenty * size { return left > size ? nil : .tooManyOpenFiles }
        return restore()
    }

    /// Takes back what was given up.
    ///
    /// - Returns: What the kernel said where there are not that many; the reserve stays given up then.
    package func restore() -> Errno? {
        held.withLock { held in
            while held.count < size {
                do {
                    held.append(try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec))
                } catch {
                    Self.close(&held)
                    return error as? Errno
                }
            }
            return nil
        }
    }

    /// Leaves the descriptors to whoever needs one.
    func giveUp() {
        held.withLock { Self.close(&$0) }
    }

    /// Gives the reserve up if there is no descriptor beside it, as when the limit was lowered while the process runs.
    func giveUpIfLast() {
        held.withLock { held in
            guard !held.isEmpty else { return }
            do {
                try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec).close()
            } catch {
                Self.close(&held)
            }
        }
    }

    /// How many more descriptors this process may open, counted up to a number, without opening one.
    private static func descriptorsLeft(atMost most: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        var count = 0
        for number in 0..<CInt(clamping: limit.rlim_cur) where fcntl(number, F_GETFD) == -1 {
            count += 1
            if count == most { break }
        }
        return count
    }

    private static func close(_ held: inout [FileDescriptor]) {
        // close(2) fails for a file that was written to, or for a descriptor that is none.
        for descriptor in held { try? descriptor.close() }
        held = []
    }
}
