internal import NIOCore
internal import NIOPosix
private import Synchronization

/// Looks host names up and remembers their addresses: the shell around ``NameCacheStateMachine``, for all event loops.
///
/// Callers who ask for the same name at once share one lookup, which blocks a thread of its own.
final class NameResolver: Sendable {
    /// The addresses of a name, and a number that is another one whenever they are.
    struct Answer: Sendable {
        var addresses: [SocketAddress]
        var version: Int
    }

    private struct State {
        var cache: NameCacheStateMachine<ConnectionOrigin, Answer>
        var lookups: [ConnectionOrigin: EventLoopFuture<Answer>] = [:]
        var version = 0
    }

    private let state: Mutex<State>
    private let start = ContinuousClock.now

    /// Creates a resolver that knows nothing yet.
    ///
    /// - Parameter lifetime: How long addresses are used before they are looked up again; `getaddrinfo` does not tell the
    ///   record's own time to live, and S3's is a few seconds.
    init(lifetime: Duration) {
        state = Mutex(State(cache: NameCacheStateMachine(lifetime: lifetime)))
    }

    /// The addresses of an origin; only the first lookup is waited for.
    ///
    /// - Throws: ``S3ClientError`` with the code `nameLookup`.
    func addresses(of origin: ConnectionOrigin, on eventLoop: any EventLoop) async throws -> Answer {
        let (known, lookup) = state.withLock { ask(&$0, origin, eventLoop) }
        if let known { return known }
        guard let lookup else { preconditionFailure("a name without addresses is being looked up") }
        return try await lookup.get()
    }

    /// The addresses of an origin as far as they are known now; a lookup that is due begins.
    func knownAddresses(of origin: ConnectionOrigin, on eventLoop: any EventLoop) -> Answer? {
        state.withLock { ask(&$0, origin, eventLoop).known }
    }

    /// Has an origin's name looked up again soon: what was found did not serve.
    func doubt(_ origin: ConnectionOrigin) {
        state.withLock { $0.cache.doubt(origin) }
    }

    private var now: Duration { start.duration(to: .now) }

    private func ask(
        _ state: inout State,
        _ origin: ConnectionOrigin,
        _ eventLoop: any EventLoop
    ) -> (known: Answer?, lookup: EventLoopFuture<Answer>?) {
        switch state.cache.ask(origin, at: now) {
        case .use(let answer, refresh: false): return (answer, nil)
        case .use(let answer, refresh: true):
            // Not tied to an event loop, which may be gone before a name server that is away has been given up.
            NIOThreadPool.singleton.submit { [self] _ in _ = try? lookUp(origin) }
            return (answer, nil)
        case .lookUp:
            let lookup = NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { [self] in try lookUp(origin) }
            state.lookups[origin] = lookup
            return (nil, lookup)
        case .wait: return (nil, state.lookups[origin])
        }
    }

    private func lookUp(_ origin: ConnectionOrigin) throws(S3ClientError) -> Answer {
        do {
            return found(try NameLookup.addresses(of: origin.host, port: origin.port), for: origin)
        } catch {
            return try failed(origin, error)
        }
    }

    private func found(_ addresses: [SocketAddress], for origin: ConnectionOrigin) -> Answer {
        state.withLock { state in
            state.version += 1
            let answer = Answer(addresses: addresses, version: state.version)
            state.cache.found(answer, for: origin, at: now)
            state.lookups[origin] = nil
            return answer
        }
    }

    private func failed(_ origin: ConnectionOrigin, _ error: S3ClientError) throws(S3ClientError) -> Answer {
        let kept: Answer? = state.withLock { state in
            state.lookups[origin] = nil
            return if case .keep(let answer) = state.cache.failed(origin, at: now) { answer } else { nil }
        }
        guard let kept else { throw error }
        return kept
    }
}
