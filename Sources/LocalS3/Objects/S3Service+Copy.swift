import Crypto
import Foundation
import NIOHTTP1

extension S3Service {
    /// Whether a property of the source is kept or comes with the request.
    private enum Directive: String {
        case copy = "COPY"
        case replace = "REPLACE"

        init(_ call: Call, _ name: String) throws(S3Error) {
            guard let value = call.header(name) else {
                self = .copy
                return
            }
            guard let directive = Directive(rawValue: value) else {
                throw .invalidArgument(name, value, "Unknown directive.")
            }
            self = directive
        }
    }

    func copyObject(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        let source = try CopySource(call.header("x-amz-copy-source") ?? "")
        let metadata = try Directive(call, "x-amz-metadata-directive")
        let tagging = try Directive(call, "x-amz-tagging-directive")
        let storageClass = try storageClass(call)
        let algorithm = try checksumAlgorithm(call)
        if source.bucket == call.bucketName, source.key == call.key, metadata == .copy,
            call.header("x-amz-storage-class") == nil
        {
            throw S3Error.invalidRequest(
                "This copy request is illegal because it is trying to copy an object to itself without changing the "
                    + "object's metadata, storage class, website redirect location or encryption attributes."
            )
        }
        let faults = currentFaults
        let isCorrupt = faults.corruptsCopy(of: source.key.bytes)
        let (record, reader) = try openSource(source, call) { isCorrupt ? 0..<max($0 - 1, 0) : 0..<$0 }
        let content =
            reader.remaining < record.content.size
            ? try corruptContent(reader)
            : try copiedContent(record.content, reader: reader, algorithm: algorithm)
        let copy = ObjectRecord(
            content: content,
            attributes: metadata == .copy ? record.attributes : try ObjectAttributes(request: call.head.headers),
            tags: tagging == .copy ? record.tags : try tags(call),
            storageClass: storageClass,
            lastModified: call.now
        )
        let conditions = Conditions(call.head.headers)
        if faults.losesCopy(of: source.key.bytes) {
            count("lostCopy")
        } else {
            try store.put(copy, for: call.key, in: bucket) { try conditions.checkWrite($0, key: call.key) }
        }
        return copyResult(content, root: "CopyObjectResult", at: call.now)
    }

    func uploadPartCopy(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        let (id, number) = try partTarget(call)
        let upload = try store.upload(id, of: call.key, in: bucket)
        let source = try CopySource(call.header("x-amz-copy-source") ?? "")
        let range = call.header("x-amz-copy-source-range")
        let (record, reader) = try openSource(source, call) { size throws(S3Error) in
            try range.map { header throws(S3Error) in try ByteRange.resolveCopySource(header, size: size) } ?? 0..<size
        }
        let whole = reader.remaining == record.content.size && record.content.parts.isEmpty
        let body = try store.backend.duplicate(reader)
        let content = ObjectContent(
            body: body,
            size: reader.remaining,
            entityTag: whole ? record.content.entityTag : try Self.entityTag(reader),
            checksum: try upload.checksumAlgorithm.map { try Self.checksum($0, of: reader) }
        )
        try store.add(.init(content: content, lastModified: call.now), number: number, to: id, in: bucket)
        return copyResult(content, root: "CopyPartResult", at: call.now)
    }

    /// Opens the source of a copy, after all that stands in its way; `range` chooses the bytes of so many.
    ///
    /// - Returns: the source and a reader of those bytes.
    /// - Throws: `NoSuchBucket`, `NoSuchKey`, `AccessDenied`, `PreconditionFailed`, `InvalidRequest`, or what `range`
    ///   throws.
    private func openSource(
        _ source: CopySource,
        _ call: Call,
        range: (Int) throws(S3Error) -> Range<Int>
    ) throws -> (ObjectRecord, BodyReader) {
        let bucket = try store.bucket(source.bucket)
        try checkReadable(source.key)
        let conditions = try copySourceConditions(call)
        let (record, reader) = try store.open(source.key, in: bucket) { record in
            try conditions?.checkCopySource(record)
            let range = try range(record.content.size)
            guard range.count <= Self.largestCopy else {
                throw S3Error.invalidRequest(
                    "The specified copy source is larger than the maximum allowable size for a copy source: "
                        + "\(Self.largestCopy)"
                )
            }
            return range
        }
        guard let reader else { preconditionFailure("a source was opened without a range") }
        return (record, reader)
    }

    /// The conditions that a copy sets on its source; `nil` where the faults say that they are ignored.
    ///
    /// - Throws: `NotImplemented` where the faults say that they are refused.
    private func copySourceConditions(_ call: Call) throws(S3Error) -> Conditions? {
        let kind = currentFaults.copyConditions
        if kind == .refused, let name = Conditions.copySourceNames.first(where: call.head.headers.contains) {
            throw .notImplemented(name)
        }
        return kind == .ignored ? nil : Conditions(copySource: call.head.headers)
    }

    /// The content of a copy that went wrong on purpose.
    private func corruptContent(_ reader: BodyReader) throws -> ObjectContent {
        count("corruptCopy")
        return ObjectContent(
            body: try store.backend.duplicate(reader),
            size: reader.remaining,
            entityTag: try Self.entityTag(reader)
        )
    }

    /// The content of a copy, which is in one piece whatever the source was.
    private func copiedContent(
        _ source: ObjectContent,
        reader: BodyReader,
        algorithm: Checksum.Algorithm?
    ) throws -> ObjectContent {
        let wanted = algorithm ?? source.checksum?.algorithm
        let keepsChecksum =
            source.checksum?.algorithm == wanted && (source.checksum?.kind ?? .fullObject) == .fullObject
        let body = try store.backend.duplicate(reader)
        if source.parts.isEmpty, keepsChecksum {
            // What is shared in memory need not be described twice.
            if case .memory = body { return source }
            return source.moved(to: body)
        }
        return ObjectContent(
            body: body,
            size: source.size,
            entityTag: source.parts.isEmpty ? source.entityTag : try Self.entityTag(reader),
            checksum: keepsChecksum ? source.checksum : try wanted.map { try Self.checksum($0, of: reader) }
        )
    }

    private func copyResult(_ content: ObjectContent, root: String, at time: Timestamp) -> Response {
        var writer = XMLWriter(root: root)
        writer.element("LastModified", time.iso8601)
        writer.entityTag(content.entityTag)
        write(content.checksum, to: &writer)
        writer.close(root)
        return Response(document: writer.bytes)
    }

    func write(_ checksum: Checksum?, to writer: inout XMLWriter) {
        guard let checksum else { return }
        writer.element(checksum.algorithm.elementName, checksum.value)
        writer.element("ChecksumType", checksum.kind.rawValue)
    }

    /// The algorithm that `x-amz-checksum-algorithm` names.
    ///
    /// - Throws: `InvalidRequest`.
    func checksumAlgorithm(_ call: Call) throws(S3Error) -> Checksum.Algorithm? {
        guard let name = call.header("x-amz-checksum-algorithm") else { return nil }
        guard let algorithm = Checksum.Algorithm(documentName: name) else {
            throw .invalidRequest(
                "Checksum algorithm provided is unsupported. Please try again with any of the valid types"
            )
        }
        return algorithm
    }

    static func entityTag(_ reader: BodyReader) throws -> String {
        var digest = Insecure.MD5()
        try forEachPiece(of: reader) { digest.update(bufferPointer: $0) }
        return ByteText.hex(digest.finalize())
    }

    static func checksum(_ algorithm: Checksum.Algorithm, of reader: BodyReader) throws -> Checksum {
        var digest = Checksum.Digest(algorithm)
        try forEachPiece(of: reader) { digest.update($0) }
        return Checksum(
            algorithm: algorithm,
            kind: .fullObject,
            value: Data(digest.finalize()).base64EncodedString()
        )
    }

    private static func forEachPiece(of reader: BodyReader, take: (UnsafeRawBufferPointer) -> Void) throws {
        var reader = reader
        while let piece = try reader.next(upTo: 1 << 20) {
            piece.withUnsafeBytes { take($0) }
        }
    }
}
