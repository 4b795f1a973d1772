private import Glibc
internal import S3Protocol

/// Asks a server again how it goes on where ranges meet that do not seem to fit: the bucket may just have changed there.
struct SeamInquiry: Sendable {
    let source: PageSource
    /// When the listing began: keys that are newer need not be in it.
    let begin: UTCTime

    /// Creates an inquiry of a listing that begins now.
    init(source: PageSource) {
        self.source = source
        begin = UTCTime(secondsSinceEpoch: time(nil))
    }

    /// The gap where a range ends that was listed, below one that was listed by an earlier run.
    ///
    /// - Parameters:
    ///   - seam: Where the range ends.
    ///   - start: The key from which its last page was asked for.
    ///   - listed: Up to where it brought keys.
    ///   - told: What it told of what comes next.
    /// - Returns: The gap, if the server goes on with another key from the seam itself; `nil` if all fits.
    /// - Throws: ``BrigadeError`` with the code `listingFailed`, also if keys up to the seam were left out.
    func gap(
        behind seam: [UInt8],
        start: [UInt8],
        listed: [UInt8],
        told: RangeSeams.Next
    ) async throws -> RangeSeams.Gap? {
        // A page that ended where the range does was to be followed by what comes from there.
        guard told != .unknown else { return nil }
        let above = try await asking(behind: seam) { try await next(from: seam) }
        guard above != told else { return nil }
        let gap = RangeSeams.Gap(start: start, seam: seam, listed: listed, below: told, above: above)
        if try await isThere(gap) { return gap }
        try await checkNothingLeftOut(at: gap, through: seam)
        return nil
    }

    /// Checks, where ranges told of different keys and the server does no longer, that the pages taken left nothing out.
    ///
    /// Of what was taken, nothing lies between the last key below and the first key above. A key that is there and is
    /// older than the listing was left out; a newer one may have come meanwhile.
    ///
    /// - Parameters:
    ///   - gap: Where the ranges meet.
    ///   - through: Where the stretch ends at the latest; `nil` for the end of the listing.
    /// - Throws: ``BrigadeError`` with the code `listingFailed` if there is such a key.
    func checkNothingLeftOut(at gap: RangeSeams.Gap, through: [UInt8]?) async throws {
        let found = try await asking(behind: gap.seam) { try await keyLeftOut(at: gap, through: through) }
        guard let found else { return }
        throw BrigadeError(
            code: .listingFailed,
            message:
                "listing \(source.location) was given up between two ranges: behind '\(ObjectKey(gap.listed))' a page "
                + "of the server left out '\(found)', which is there"
        )
    }

    private func keyLeftOut(at gap: RangeSeams.Gap, through: [UInt8]?) async throws -> ObjectKey? {
        var walk = source.walk(startAfter: gap.listed.isEmpty ? nil : ObjectKey(gap.listed))
        while let page = try await walk.nextWithKeys() {
            for object in page where gap.listed.lexicographicallyPrecedes(object.key.bytes) {
                if case .key(let above) = gap.above, !object.key.bytes.lexicographicallyPrecedes(above) { return nil }
                if let through, through.lexicographicallyPrecedes(object.key.bytes) { return nil }
                guard let modified = object.lastModified, modified >= begin else { return object.key }
            }
        }
        return nil
    }

    /// Whether there is a gap where two ranges told of different keys.
    ///
    /// - Throws: ``BrigadeError`` with the code `listingFailed`.
    func isThere(_ gap: RangeSeams.Gap) async throws -> Bool {
        try await asking(behind: gap.seam) {
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

    private func asking<Answer>(
        behind seam: [UInt8],
        _ question: () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await question()
        } catch {
            throw BrigadeError(
                code: .listingFailed,
                message: "listing \(source.location) stopped between two ranges, after "
                    + "'\(ObjectKey(seam))': \(error)",
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
