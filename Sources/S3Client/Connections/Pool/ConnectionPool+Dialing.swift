internal import NIOCore
internal import NIOPosix
internal import SystemPackage

extension ConnectionPool {
    /// Opens a connection for a caller, or has it wait for one where that may help.
    ///
    /// - Parameters:
    ///   - id: The connection's number.
    ///   - ticket: The caller.
    ///   - hasMadeRoom: Whether another pool gave a connection away for this one already.
    /// - Returns: The connection, or another one that came free.
    /// - Throws: ``S3ClientError``.
    func dial(_ id: Machine.ConnectionID, for ticket: Ticket, hasMadeRoom: Bool = false) async throws -> Lease {
        let connection: HTTPConnection
        do throws(S3ClientError) {
            defer { opening[ticket] = nil }
            connection = try await connect(for: ticket)
        } catch {
            if await canTryAgain(after: error, hasMadeRoom: hasMadeRoom) {
                return try await dial(id, for: ticket, hasMadeRoom: true)
            }
            return try await lease(for: ticket, insteadOf: id, after: error)
        }
        add(connection, as: id)
        let lease = lease(id, for: ticket)
        guard !machine.isShutDown else {
            release(lease)
            throw Self.shutDownError
        }
        return lease
    }

    /// Takes the name's addresses over into the table of routes.
    ///
    /// - Throws: ``S3ClientError`` with the code `connect` where none of them fits the source addresses.
    func know(_ answer: NameResolver.Answer) throws(S3ClientError) {
        guard addressesVersion != answer.version else { return }
        routes.update(try connector.routes(to: answer.addresses, of: origin.host), at: now)
        addressesVersion = answer.version
    }

    // MARK: Opening

    /// Opens a connection on the first route that serves.
    private func connect(for ticket: Ticket) async throws(S3ClientError) -> HTTPConnection {
        refusedRoute = nil
        do {
            try know(try await connector.names.addresses(of: origin, on: eventLoop))
        } catch {
            counts.failedToOpen += 1
            throw error as? S3ClientError
                ?? S3ClientError(code: .nameLookup, message: "'\(origin.host)' could not be looked up", cause: error)
        }
        var random = SystemRandomNumberGenerator()
        var attempt = RouteTable<TransportAddress>.Attempt()
        var failure: S3ClientError?
        while let route = routes.begin(&attempt, at: now, using: &random) {
            let connection = HTTPConnection(origin: origin)
            connection.route = route
            opening[ticket] = connection
            do throws(S3ClientError) {
                try leaveReserve(towards: routes.route(route).remote)
                try await connector.open(routes.route(route), for: connection, to: origin, on: eventLoop)
                routes.opened(route, from: connection.localAddress.map { TransportAddress(withoutPortOf: $0) })
                return connection
            } catch {
                failure = error
                let errno = error.cause as? Errno
                let blame = Self.blame(for: error)
                routes.failed(
                    route,
                    errno: errno?.rawValue ?? 0,
                    blaming: blame,
                    at: now,
                    in: &attempt,
                    using: &random
                )
                if errno?.isShortage == true { refusedRoute = routes.route(route) }
                if blame == .none { throw error }
                if Task.isCancelled { throw Self.cancelledError }
            }
        }
        connector.names.doubt(origin)
        throw failure ?? S3ClientError(code: .nameLookup, message: "'\(origin.host)' has no address")
    }

    /// Makes sure that what else needs a descriptor can have one beside this connection.
    ///
    /// - Throws: ``S3ClientError`` with the code `connect`, unless the connection is to be the only one.
    private func leaveReserve(towards remote: TransportAddress) throws(S3ClientError) {
        guard machine.connectionCount > 1, let errno = connector.reserve.refusal() else { return }
        throw ConnectionFault.connect(errno, origin: origin, address: remote.socketAddress)
    }

    private static func blame(for error: S3ClientError) -> RouteTable<TransportAddress>.Blame {
        if error.code == .cancelled { return .none }
        guard let errno = error.cause as? Errno, errno.isShortage else { return .remote }
        return errno == .addressNotAvailable ? .route : .none
    }

    // MARK: Not having one

    /// Tells of what the machine lacks, and has another pool close an idle connection where this one has none at all.
    ///
    /// - Returns: Whether that was done, and may have helped: local ports it would not bring back.
    private func canTryAgain(after error: S3ClientError, hasMadeRoom: Bool) async -> Bool {
        guard let errno = error.cause as? Errno, errno.isShortage else { return false }
        if errno.isLackOfDescriptors { connector.reserve.giveUp() }
        await tellOfShortage(error)
        let isWithoutConnection = machine.connectionCount == 1
        return isWithoutConnection && !hasMadeRoom && errno != .addressNotAvailable && !Task.isCancelled && makeRoom()
    }

    /// What comes of a caller whose connection could not be opened: another one, or the error.
    private func lease(
        for ticket: Ticket,
        insteadOf id: Machine.ConnectionID,
        after error: S3ClientError
    ) async throws -> Lease {
        let errno = error.cause as? Errno
        let patience = patience(with: errno)
        // Nobody can be told of a cancellation while it neither opens a connection nor waits for one.
        let canWait = error.code != .cancelled && !Task.isCancelled
        let (action, wake) =
            errno?.isShortage == true
            ? machine.dialFellShort(id, by: ticket, canWait: canWait, patience: patience, at: now)
            : machine.dialFailed(id, by: ticket, canWait: canWait)
        switch action {
        case .use(let id): return lease(id, for: ticket)
        case .wait: return try await wait(ticket)
        case .fail: break
        }
        guard case .fail(let waiters) = wake else {
            carryOut(wake)
            throw error
        }
        var final = await explained(error)
        final.message = "not one connection could be had for \(patience.components.seconds) s: \(final.message)"
        final.isRetryable = false
        for waiter in waiters { self.wake(waiter, .failure(final)) }
        throw final
    }

    /// For how long the pool may be without any connection: ports in TIME_WAIT, of whatever program, come back.
    private func patience(with errno: Errno?) -> Duration {
        let patience = connector.shortagePatience
        return errno == .addressNotAvailable ? max(patience, ConnectionShortage.timeWait + .seconds(15)) : patience
    }

    /// Tells the user, the first time, what the machine lacks.
    private func tellOfShortage(_ error: S3ClientError) async {
        counts.shortages += 1
        guard !hasToldOfShortage else { return }
        hasToldOfShortage = true
        connector.onShortage(await explained(error).description)
    }

    /// The error with the machine's numbers, which are read on another thread, since that may take a while.
    private func explained(_ error: S3ClientError) async -> S3ClientError {
        guard let errno = error.cause as? Errno else { return error }
        let refusal = SystemRefusal(
            errno: errno,
            remote: error.code == .nameLookup ? nil : refusedRoute?.remote.description,
            source: refusedRoute?.source?.description
        )
        let reading = NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { [connector] in
            connector.diagnose(refusal)
        }
        guard let explanation = try? await reading.get() else { return error }
        var explained = error
        explained.message += ": " + explanation
        return explained
    }
}
