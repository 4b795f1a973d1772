internal import S3Client
internal import S3Protocol

/// What becomes of an object that is not, or does not seem, what was listed.
extension Copier {
    /// How often an object is copied that is overwritten again and again, beside the first time.
    private static let changesFollowed = 5

    /// Makes the destination hold what the source holds, or says why not.
    ///
    /// HEAD tells what the source is now, and the copy is made on the condition that it still is. A server that ignores
    /// or refuses conditions may copy something else then: the copy's ETag shows it where it can be compared, and where
    /// it cannot, HEAD tells afterwards whether the source stayed the same.
    ///
    /// - Parameters:
    ///   - object: The object as it was listed.
    ///   - target: The key of the copy.
    ///   - copy: The copy that was made of what seemed to be the listed object; `nil` if the server made none, since
    ///     the source is another.
    /// - Returns: How that ended.
    /// - Throws: ``JobEndingError``: what every other object would meet too.
    func settle(
        _ object: ListedObject,
        _ target: ObjectKey,
        copy: CopyResult?
    ) async throws(JobEndingError) -> CopyVerdict {
        var copy = copy
        var expected = Array(object.etag)
        do {
            for _ in 0...Self.changesFollowed {
                let head = try await client.headObject(source, object.key)
                let current = head.etag ?? []
                let success: CopyVerdict = current == Array(object.etag) ? .copied : .copiedNewer
                if let copy {
                    if ETagComparison(current[...], copy.etag[...]) == .same { return success }
                    if current == expected {
                        return try await judge(copy, of: object, target, source: head) ?? success
                    }
                }
                if let failure = head.size.flatMap(Self.refusal(ofSize:)) { return .failed(failure) }
                // A condition that was not met although the source is as expected is one that the server misjudges.
                let isMisjudged = copy == nil && current == expected
                expected = current
                do {
                    copy = try await send(object, to: target, ifSourceMatches: isMisjudged ? nil : current[...])
                } catch let error as S3ResponseError where error.code == "PreconditionFailed" {
                    copy = nil
                }
                if let copy, ETagComparison(current[...], copy.etag[...]) == .same { return success }
            }
        } catch let error as S3ResponseError where error.code == "NoSuchKey" {
            return try await verdictOnMissing(object)
        } catch {
            return try await verdict(for: error, on: object)
        }
        return .failed(
            CopyFailure(
                code: "ChangedMeanwhile",
                message:
                    "the object is overwritten again and again: \(Self.changesFollowed) newer versions were copied, "
                    + "and each was outdated at once"
            )
        )
    }

    /// Judges a copy whose ETag is not that of its source, although the source stayed the same.
    ///
    /// - Returns: The failure; `nil` if there is none.
    private func judge(
        _ copy: CopyResult,
        of object: ListedObject,
        _ target: ObjectKey,
        source: ObjectHead
    ) async throws -> CopyVerdict? {
        let etag = source.etag ?? []
        guard ETagComparison(etag[...], copy.etag[...]) == .different, !copy.hasOpaqueETag, !source.hasOpaqueETag
        else { return nil }
        do {
            // The answer may be wrong, and the copy right.
            let stored = try await client.headObject(destination, target)
            guard ETagComparison(etag[...], (stored.etag ?? [])[...]) == .different, !stored.hasOpaqueETag else {
                return nil
            }
        } catch is S3ResponseError {
            // Who may write need not be allowed to read; what the answer says is all that is known then.
        }
        return .failed(
            CopyFailure(
                code: "ETagMismatch",
                message: "the copy's ETag is \(Self.text(copy.etag)), and the source's \(Self.text(etag)): "
                    + "the copy is not what the source holds"
            )
        )
    }

    private static func text(_ etag: [UInt8]) -> String { String(decoding: etag, as: UTF8.self) }
}
