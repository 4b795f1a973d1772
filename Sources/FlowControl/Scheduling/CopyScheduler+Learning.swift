/// Learning from answers.
extension CopyScheduler {
    /// One batch alone is throttled where of so many throttled answers of its region, this share is its, though it had
    /// this share of all answers at most.
    private static let concentration = (answers: 16, throttledShare: 0.8, share: 0.4)

    /// A request was accepted.
    mutating func noteAccepted(_ ticket: Ticket, at now: Duration) {
        guard ticket.region < 0 else {
            regions.succeeded(id: ticket.region, at: now)
            if let place = regions.index(id: ticket.region) { count(ticket.batch, throttled: 0, in: place) }
            return
        }
        accepted.add(at: now)
        share.accepted()
        batches[ticket.batch]?.share.accepted()
        if !regions.isEmpty { noteGoingWell(ticket, at: now) }
    }

    /// A request for a key of no region was accepted: where that happens often, regions do not reach across.
    private mutating func noteGoingWell(_ ticket: Ticket, at now: Duration) {
        guard var well = batches[ticket.batch]?.well else { return }
        if well.version != regions.version { well = (regions.version, 0) }
        well.count += 1
        batches[ticket.batch]?.well = well
        guard well.count == Self.goingWell, let key = batches[ticket.batch]?.content.key(ticket.index) else { return }
        regions.goesWell(key, at: now)
    }

    /// A request has failed.
    mutating func noteFailure(_ ticket: Ticket, _ failure: RetryPolicy.Failure, at now: Duration) {
        let latency = now - ticket.begun
        // What a region's own rate answers for is no matter of the others.
        let isLocal = failure == .throttled && ticket.region >= 0
        concurrency.answered(isLocal ? .healthy : .overloaded, after: latency, inFlight: inFlight, at: now)
        guard failure == .throttled else { return }
        counts.throttled += 1
        guard let batch = batches[ticket.batch] else { return }
        let key = batch.content.key(ticket.index)
        if let place = regions.index(of: key) {
            count(ticket.batch, throttled: 1, in: place)
            regions.throttled(place, after: latency, at: now)
            if let place = regions.index(of: key) { narrow(place) }
            return
        }
        // The second time, the folder was not the reason.
        let bounds = batch.hasTaughtFolder ? batch.content.hull : batch.content.folder(of: ticket.index)
        let isMuchOfBatch = batches[ticket.batch]?.share.throttled() ?? false
        guard share.throttled() || isMuchOfBatch || regions.touch(bounds) else { return }
        share = ThrottledShare()
        batches[ticket.batch]?.hasTaughtFolder = true
        // Batches are served in turn, so each has the same share.
        let perBatch = accepted.perSecond(at: now) / Double(max(1, pieces.count))
        regions.learn(bounds, acceptedPerSecond: perBatch, at: now)
    }

    private mutating func count(_ number: Int, throttled: Int, in place: Int) {
        let region = regions.all[place]
        guard var period = batches[number]?.period else { return }
        if period.region != region.id || period.look != region.look.number {
            period = (region.id, region.look.number, 0, 0)
        }
        period.answers += 1
        period.throttled += throttled
        batches[number]?.period = period
    }

    /// Cuts a region down to the batch that alone is throttled, if there is one.
    private mutating func narrow(_ place: Int) {
        let region = regions.all[place]
        guard region.look.throttled >= Self.concentration.answers else { return }
        regions.looked(at: place)
        let periods = batches.compactMap { batch in
            batch.flatMap {
                $0.period.region == region.id && $0.period.look == region.look.number ? ($0.content, $0.period) : nil
            }
        }
        let answers = periods.reduce(0) { $0 + $1.1.answers }
        guard let most = periods.max(by: { $0.1.throttled < $1.1.throttled }),
            Double(most.1.throttled) >= Self.concentration.throttledShare * Double(region.look.throttled),
            Double(most.1.answers) <= Self.concentration.share * Double(answers)
        else { return }
        regions.narrow(place, to: most.0.hull)
    }

    /// One object of a batch needs nothing any more.
    mutating func finishObject(of number: Int) {
        batches[number]?.unfinished -= 1
        guard batches[number]?.unfinished == 0 else { return }
        batches[number] = nil
        freeNumbers.append(number)
    }
}
