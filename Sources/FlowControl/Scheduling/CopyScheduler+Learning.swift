/// Learning from answers.
extension CopyScheduler {
    /// The share of a region's throttled answers that shows one batch alone to be throttled, if it had half of all
    /// answers at most.
    private static let concentration = (throttled: 0.8, answers: 0.5)

    /// A request was accepted.
    mutating func noteAccepted(_ ticket: Ticket, at now: Duration) {
        batches[ticket.batch]?.accepted += 1
        guard !regions.isEmpty else { return }
        if ticket.region >= 0 {
            regions.succeeded(id: ticket.region, at: now)
            if let place = regions.index(id: ticket.region) { count(ticket.batch, throttled: 0, in: place) }
        } else {
            noteGoingWell(ticket, at: now)
        }
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
            let (id, falls) = (regions.all[place].id, regions.all[place].falls)
            if regions.throttled(place, after: latency, at: now) { narrow(id, falls: falls) }
            return
        }
        let age = max(0.5, (now - (batch.begun ?? now)) / .seconds(1))
        // The second time, the folder was not the reason.
        let bounds = batch.hasTaughtFolder ? batch.content.hull : batch.content.folder(of: ticket.index)
        batches[ticket.batch]?.hasTaughtFolder = true
        regions.learn(bounds, acceptedPerSecond: Double(batch.accepted) / age, at: now)
    }

    private mutating func count(_ number: Int, throttled: Int, in place: Int) {
        let region = regions.all[place]
        guard var period = batches[number]?.period else { return }
        if period.region != region.id || period.falls != region.falls { period = (region.id, region.falls, 0, 0) }
        period.answers += 1
        period.throttled += throttled
        batches[number]?.period = period
    }

    /// Cuts a region down to the batch that alone was throttled since the last fall, if there is one.
    private mutating func narrow(_ id: Int, falls: Int) {
        let periods = batches.compactMap { batch in
            batch.flatMap { $0.period.region == id && $0.period.falls == falls ? ($0.content, $0.period) : nil }
        }
        let answers = periods.reduce(0) { $0 + $1.1.answers }
        let throttled = periods.reduce(0) { $0 + $1.1.throttled }
        guard throttled >= 3, let place = regions.index(id: id),
            let most = periods.max(by: { $0.1.throttled < $1.1.throttled }),
            Double(most.1.throttled) >= Self.concentration.throttled * Double(throttled),
            Double(most.1.answers) <= Self.concentration.answers * Double(answers)
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
