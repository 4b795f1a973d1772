import Foundation
import Synchronization

/// A file whose first bytes are a body.
final class FileBody: Sendable {
    let path: String
    private let isTemporary: Atomic<Bool>

    /// Refers to a file, which goes with its last reference when it is temporary.
    init(path: String, isTemporary: Bool) {
        self.path = path
        self.isTemporary = Atomic(isTemporary)
    }

    /// Says that the file was moved to its final place.
    func release() {
        isTemporary.store(false, ordering: .relaxed)
    }

    deinit {
        if isTemporary.load(ordering: .relaxed) { _ = unlink(path) }
    }
}
