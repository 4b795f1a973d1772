private import Synchronization
package import SystemPackage

/// Descriptors that a client holds for when the process or the system has no other left, and then gives up.
///
/// A lookup of a name, a file of the journal and a probe of the kernel each need a descriptor for a moment, and Dispatch
/// ends the process where it cannot look at its threads in `/proc`. Connections, which keep theirs, must leave them that:
/// while the reserve is given up, no connection is opened but the only one.
package final class DescriptorReserve: Sendable {
    /// What lookups, files and the runtime need at the same time, with some to spare.
    package static let size = 8

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
    package func giveUp() {
        held.withLock { Self.close(&$0) }
    }

    private static func close(_ held: inout [FileDescriptor]) {
        // close(2) fails for a file that was written to, or for a descriptor that is none.
        for descriptor in held { try? descriptor.close() }
        held = []
    }
}
