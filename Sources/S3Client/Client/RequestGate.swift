private import Synchronization

/// Counts the requests under way, so that a client can be shut down without one of them being forgotten.
final class RequestGate: Sendable {
    private struct State {
        var underWay = 0
        var isClosed = false
        var whenEmpty: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Whether no request is let in any more.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// A request begins.
    ///
    /// - Throws: ``S3ClientError`` with the code `cancelled` once the gate is closed.
    func enter() throws(S3ClientError) {
        let isOpen = state.withLock { state in
            if !state.isClosed { state.underWay += 1 }
            return !state.isClosed
        }
        guard isOpen else { throw S3ClientError(code: .cancelled, message: "the client was shut down") }
    }

    /// A request that was let in has ended.
    func leave() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.underWay -= 1
            guard state.underWay == 0 else { return nil }
            defer { state.whenEmpty = nil }
            return state.whenEmpty
        }
        waiter?.resume()
    }

    /// Lets no more requests in.
    ///
    /// - Returns: Whether this was the first call.
    func close() -> Bool {
        state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
    }

    /// Waits until no request is under way; the gate has to be closed.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                precondition(state.isClosed, "an open gate may never be empty")
                if state.underWay > 0 { state.whenEmpty = continuation }
                return state.underWay == 0
            }
            if isEmpty { continuation.resume() }
        }
    }
}
