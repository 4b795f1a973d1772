internal import DequeModule
internal import HeapModule

/// Handing objects out.
extension CopyScheduler {
    /// When ``tick(at:)`` is to be called, if nothing else happens until then; `nil` if time alone changes nothing.
    public var nextTick: Duration? {
        guard !copiers.isEmpty, inFlight < concurrency.limit, !isEmpty else { return nil }
        if ceilingSince != nil, let bytes { return bytes.nextLeave }
        var next: Duration?
        func consider(_ time: Duration) { next = min(next ?? time, time) }
        if !lanes.isEmpty { consider(nextLaneLeave) }
        if !again.isEmpty { consider(againNotBefore) }
        if let first = aside.min { consider(first.due) }
        return next
    }

    /// Time has passed.
    public mutating func tick(at now: Duration) -> Wakes {
        var wakes = Wakes()
        deal(into: &wakes, at: now)
        return wakes
    }

    /// Whether no object waits.
    var isEmpty: Bool { pieces.isEmpty && lanes.isEmpty && again.isEmpty && aside.isEmpty }

    /// Whether nothing is under way, and nothing will be handed out any more.
    public var isOver: Bool { isFinished && inFlight == 0 && isEmpty }

    /// Gives the copiers who wait what may go now.
    mutating func deal(into wakes: inout Wakes, at now: Duration) {
        repeat {
            if hasNewRoom {
                hasNewRoom = false
                admit(into: &wakes)
            }
            while let copier = copiers.first, let ticket = take(at: now) {
                copiers.removeFirst()
                wakes.copiers.append((copier, ticket))
            }
        } while hasNewRoom && !producers.isEmpty
        guard isOver else { return }
        for copier in copiers { wakes.copiers.append((copier, nil)) }
        copiers = []
    }

    /// The next object that may go now.
    mutating func take(at now: Duration) -> Ticket? {
        guard inFlight < concurrency.limit, !isEmpty else { return nil }
        if let bytes {
            guard bytes.nextLeave <= now else {
                ceilingSince = ceilingSince ?? now
                return nil
            }
            if let since = ceilingSince {
                counts.timeAtCeiling += now - since
                ceilingSince = nil
            }
        }
        if !regions.isEmpty || !lanes.isEmpty { lookAtRegions(at: now) }
        while let first = aside.min, first.due <= now { again.append(aside.removeMin()) }
        // What was never tried may turn out to belong into a lane.
        guard
            let found = takeAgain(at: now) ?? takeFromLanes(at: now) ?? takeFresh() ?? takeFromLanes(at: now)
        else { return nil }
        inFlight += 1
        counts.highestConcurrency = max(counts.highestConcurrency, inFlight)
        if found.attempt > 1 {
            counts.repeated += 1
            failedWaiting -= 1
        }
        if bytes != nil, let size = batches[found.batch]?.content.size(found.index) { bytes?.take(size, at: now) }
        return Ticket(
            batch: found.batch,
            index: found.index,
            attempt: found.attempt,
            region: found.region,
            begun: now
        )
    }

    private typealias Found = (batch: Int, index: Int, attempt: Int, region: Int)

    /// Whether objects may be begun that were never tried.
    ///
    /// When the service fails for long, those that were tried are enough to find out when it is back.
    private var takesFresh: Bool { failedWaiting < mostAside }

    // MARK: Objects that failed before

    private mutating func takeAgain(at now: Duration) -> Found? {
        guard againNotBefore <= now else { return nil }
        while let waiting = again.popFirst() {
            if !regions.isEmpty, let key = batches[waiting.batch]?.content.key(waiting.index),
                let region = regions.index(of: key)
            {
                lanes[regions.all[region].id, default: Lane()].again.append(waiting)
                nextLaneLeave = .zero
                continue
            }
            if let time = pay(for: waiting, at: now) {
                again.prepend(waiting)
                againNotBefore = time
                return nil
            }
            return (waiting.batch, waiting.index, waiting.attempt, -1)
        }
        return nil
    }

    /// - Returns: `nil` if a repetition is paid for; otherwise when to ask again.
    private mutating func pay(for waiting: Waiting, at now: Duration) -> Duration? {
        switch waiting.cost {
        case .none: nil
        case .ordinary: budget.take(at: now)
        case .timeout: budget.take(afterTimeout: true, at: now)
        }
    }

    // MARK: Throttled regions

    private mutating func takeFromLanes(at now: Duration) -> Found? {
        guard !lanes.isEmpty, now >= nextLaneLeave else { return nil }
        let count = regions.all.count
        var found: Found?
        var next: Duration?
        for offset in 0..<count {
            let place = (nextLane + offset) % count
            let id = regions.all[place].id
            guard let lane = lanes[id] else { continue }
            if found == nil, !lane.again.isEmpty || takesFresh, regions.take(place, at: now) {
                found = takeFrom(lane: id, at: now)
                nextLane = (place + 1) % count
                if lanes[id] == nil { continue }
            }
            next = min(next ?? regions.all[place].rate.nextLeave, regions.all[place].rate.nextLeave)
        }
        // A rate that may go now and did not, since another was first, is asked again at once.
        nextLaneLeave = next ?? .zero
        return found
    }

    private mutating func takeFrom(lane id: Int, at now: Duration) -> Found? {
        guard var lane = lanes[id] else { return nil }
        lanes[id] = nil
        defer { if !lane.isEmpty { lanes[id] = lane } }
        if let waiting = lane.again.first, pay(for: waiting, at: now) == nil {
            lane.again.removeFirst()
            return (waiting.batch, waiting.index, waiting.attempt, id)
        }
        guard takesFresh, var piece = lane.pieces.popFirst() else { return nil }
        let index = piece.next
        piece.next += 1
        if piece.next < piece.end { lane.pieces.append(piece) } else { hasNewRoom = true }
        return (piece.batch, index, 1, id)
    }

    /// Forgets regions that need no pacing any more, and sorts what waits anew when the regions are others.
    private mutating func lookAtRegions(at now: Duration) {
        if now >= nextSweep {
            regions.forget(at: now)
            nextSweep = now + Self.sweep
        }
        guard lanesVersion != regions.version else { return }
        lanesVersion = regions.version
        let former = lanes
        lanes = [:]
        hasNewRoom = true
        nextLaneLeave = .zero
        againNotBefore = .zero
        for lane in former.sorted(by: { $0.key < $1.key }).map(\.value) {
            again.append(contentsOf: lane.again)
            for piece in lane.pieces {
                var rest = piece
                if separate(&rest) { pieces.append(rest) }
            }
        }
    }

    // MARK: Objects that were never tried

    private mutating func takeFresh() -> Found? {
        guard takesFresh else { return nil }
        while var piece = pieces.popFirst() {
            if !regions.isEmpty, piece.version != regions.version || piece.next >= piece.clearUntil {
                guard separate(&piece) else {
                    hasNewRoom = true
                    continue
                }
            }
            let index = piece.next
            piece.next += 1
            if piece.next < piece.end { pieces.append(piece) } else { hasNewRoom = true }
            return (piece.batch, index, 1, -1)
        }
        return nil
    }

    /// Moves what a piece begins with, as far as it belongs to regions, into their lanes.
    ///
    /// - Returns: Whether anything is left of the piece.
    private mutating func separate(_ piece: inout Piece) -> Bool {
        guard let batch = batches[piece.batch]?.content else { return false }
        while piece.next < piece.end {
            let key = batch.key(piece.next)
            guard let place = regions.index(of: key) else {
                piece.version = regions.version
                piece.clearUntil = piece.next + 1
                guard batch.bounds != nil else { return true }
                let next = regions.nextRegion(above: key)
                piece.clearUntil =
                    next.map { next in
                        batch.firstIndex(from: piece.next, upTo: piece.end) { next.lexicographicallyPrecedes($0) }
                    } ?? piece.end
                return true
            }
            let region = regions.all[place]
            let end =
                batch.bounds == nil
                ? piece.end
                : batch.firstIndex(from: piece.next, upTo: piece.end) { region.bounds.ends(before: $0) }
            var part = piece
            part.end = end
            lanes[region.id, default: Lane()].pieces.append(part)
            nextLaneLeave = .zero
            piece.next = end
        }
        return false
    }
}
