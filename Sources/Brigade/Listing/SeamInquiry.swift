internal import S3Protocol

/// Asks a server again how it goes on where ranges meet that do not seem to fit: the bucket may just have changed there.
struct SeamInquiry: Sendable {
    let source: PageSource

    /// Whether there is a gap where a range ends that was listed, below one that was listed by an earlier run.
    ///
    /// - Parameters:
    ///   - gap: Where it would be.
    ///   - told: What the range below told of what comes next.
    /// - Returns: Whether the server goes on with another key from the seam itself.
    /// - Throws: ``BrigadeError`` with the code `listingFailed`.
    func isThere(_ gap: RangeSeams.Gap, ifNotFitting told: RangeSeams.Next) async throws -> Bool {
        // A page that ended where the range does was to be followed by what comes from there.
        guard told != .unknown else { return false }
        if try await asking(at: gap, { try await next(from: gap.seam) }) == told { return false }
        return try await isThere(gap)
    }

    /// Whether there is a gap where two ranges told of different keys.
    ///
    /// - Throws: ``BrigadeError`` with the code `listingFailed`.
    func isThere(_ gap: RangeSeams.Gap) async throws -> Bool {
        try await asking(at: gap) {
            for _ in 0..<3 {
                let survey = SeamSurvey(
                    before: try await next(behind: gap.seam, from: gap.start),
                    between: try await next(from: gap.seam),
                    after: try await next(behind: gap.seam, from: gap.start)
                )
                if !survey.isContradiction { return false }
            }
            return true
        }
    }

    private func asking<Answer>(at gap: RangeSeams.Gap, _ question: () async throws -> Answer) async throws -> Answer {
        do {
            return try await question()
        } catch {
            throw BrigadeError(
                code: .listingFailed,
                message: "listing \(source.location) stopped between two ranges, after "
                    + "'\(ObjectKey(gap.seam))': \(error)",
                cause: error
            )
        }
    }

    /// What comes next from a seam itself.
    private func next(from seam: [UInt8]) async throws -> RangeSeams.Next {
        try await source.firstKey(after: ObjectKey(seam)).map { .key(Array($0.bytes)) } ?? .end
    }

    /// What comes next behind a seam in pages that begin below it: `unknown` where several pages of keys do not reach it.
    private func next(behind seam: [UInt8], from start: [UInt8]) async throws -> RangeSeams.Next {
        let seam = ObjectKey(seam)
        var walk = source.walk(startAfter: start.isEmpty ? nil : ObjectKey(start))
        var keys = 0
        while keys < 4 * source.pageSize, let page = try await walk.nextWithKeys() {
            if let next = page.first(where: { seam < $0.key }) { return .key(Array(next.key.bytes)) }
            if !page.isTruncated { return .end }
            keys += page.count
        }
        return .unknown
    }
}
