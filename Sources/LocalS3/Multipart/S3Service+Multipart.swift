import Crypto
import NIOHTTP1

extension S3Service {
    func createMultipartUpload(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        let algorithm = try checksumAlgorithm(call)
        let kind = try checksumKind(call, algorithm: algorithm)
        let upload = MultipartUpload(
            id: Self.makeUploadID(),
            key: call.key,
            initiated: call.now,
            attributes: try ObjectAttributes(request: call.head.headers),
            tags: try tags(call),
            storageClass: try storageClass(call),
            checksumAlgorithm: algorithm,
            checksumKind: kind
        )
        try store.begin(upload, in: bucket)
        var headers = HTTPHeaders()
        if let algorithm, let kind {
            headers.add(name: "x-amz-checksum-algorithm", value: algorithm.documentName)
            headers.add(name: "x-amz-checksum-type", value: kind.rawValue)
        }
        var writer = XMLWriter(root: "InitiateMultipartUploadResult")
        writer.element("Bucket", call.bucketName)
        writer.element("Key", call.key.bytes)
        writer.element("UploadId", upload.id)
        writer.close("InitiateMultipartUploadResult")
        return Response(headers: headers, document: writer.bytes)
    }

    /// Which checksum the finished object is to have.
    private func checksumKind(_ call: Call, algorithm: Checksum.Algorithm?) throws(S3Error) -> Checksum.Kind? {
        guard let text = call.header("x-amz-checksum-type") else { return algorithm?.defaultKind }
        guard let algorithm, let kind = Checksum.Kind(rawValue: text) else {
            throw .invalidRequest(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header"
            )
        }
        let isAllowed = kind == .fullObject ? algorithm.allowsFullObject : algorithm != .crc64nvme
        guard isAllowed else {
            throw .invalidRequest(
                "The \(kind.rawValue) checksum type cannot be used with the \(algorithm.documentName) checksum algorithm."
            )
        }
        return kind
    }

    /// 128 random bits: an upload can't be guessed, and no two are the same.
    private static func makeUploadID() -> String {
        var generator = SystemRandomNumberGenerator()
        let halves: [UInt64] = [generator.next(), generator.next()]
        return ByteText.hex(halves.flatMap { ByteText.bigEndianBytes($0) })
    }

    /// The upload and the number that a part's request names.
    ///
    /// - Throws: `InvalidArgument`.
    func partTarget(_ call: Call) throws(S3Error) -> (id: String, number: Int) {
        guard let number = try call.query.number("partNumber", in: MultipartUpload.partNumbers) else {
            throw .invalidArgument("partNumber", "", "Part number must be an integer between 1 and 10000, inclusive")
        }
        return (call.query["uploadId"] ?? "", number)
    }

    /// The upload that a request names in its query.
    func upload(_ target: RequestTarget, in bucket: Bucket) throws(S3Error) -> MultipartUpload {
        try store.upload(target.query["uploadId"] ?? "", of: target.key ?? ObjectKey([]), in: bucket)
    }

    func uploadPart(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        let (id, number) = try partTarget(call)
        let upload = try store.upload(id, of: call.key, in: bucket)
        guard let received = call.received, let md5 = received.md5 else { throw S3Error.incompleteBody }
        if let algorithm = upload.checksumAlgorithm, received.checksum?.algorithm != algorithm {
            throw S3Error.invalidRequest(
                "Checksum Type mismatch occurred, expected checksum Type: \(algorithm.rawValue), "
                    + "actual checksum Type: \(received.checksum?.algorithm.rawValue ?? "null")"
            )
        }
        let content = ObjectContent(
            body: received.body,
            size: received.size,
            entityTag: ByteText.hex(md5),
            checksum: received.checksum
        )
        try store.add(.init(content: content, lastModified: call.now), number: number, to: id, in: bucket)
        var headers: HTTPHeaders = ["ETag": "\"\(content.entityTag)\""]
        if let checksum = content.checksum { headers.add(name: checksum.algorithm.headerName, value: checksum.value) }
        return Response(headers: headers)
    }

    func completeMultipartUpload(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        let upload = try store.upload(call.query["uploadId"] ?? "", of: call.key, in: bucket)
        let document = try RequestDocument.parse(call.document, root: "CompleteMultipartUpload")
        let parts = try selectedParts(document, of: upload)
        let size = parts.reduce(0) { $0 + $1.content.size }
        if let text = call.header("x-amz-mp-object-size"), Int(text) != size {
            throw S3Error.invalidRequest(
                "The provided 'x-amz-mp-object-size' header value \(text) does not match what was computed: \(size)"
            )
        }
        let body = try store.backend.join(parts.map { ($0.content.body, $0.content.size) })
        let checksum = try completedChecksum(of: upload, parts: parts, body: body, size: size)
        if let checksum, let declared = call.header(checksum.algorithm.headerName), declared != checksum.value {
            throw S3Error.badChecksum(checksum.algorithm)
        }
        let content = ObjectContent(
            body: body,
            size: size,
            entityTag: Self.entityTag(ofParts: parts.map(\.content.entityTag)),
            parts: parts.map { .init(number: $0.number, size: $0.content.size, checksum: $0.content.checksum) },
            checksum: checksum
        )
        let record = ObjectRecord(
            content: content,
            attributes: upload.attributes,
            tags: upload.tags,
            storageClass: upload.storageClass,
            lastModified: call.now
        )
        let conditions = Conditions(call.head.headers)
        try store.put(record, for: call.key, in: bucket, completing: upload.id) { existing in
            try conditions.checkWrite(existing, key: call.key)
        }
        var writer = XMLWriter(root: "CompleteMultipartUploadResult")
        writer.element("Location", "http://\(call.header("Host") ?? baseHost)\(call.head.target.prefix { $0 != "?" })")
        writer.element("Bucket", call.bucketName)
        writer.element("Key", call.key.bytes)
        writer.entityTag(content.entityTag)
        write(checksum, to: &writer)
        writer.close("CompleteMultipartUploadResult")
        return Response(document: writer.bytes)
    }

    /// The parts that the client wants, in its order, which must be theirs.
    ///
    /// - Throws: `MalformedXML`, `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall`.
    private func selectedParts(
        _ document: RequestDocument,
        of upload: MultipartUpload
    ) throws(S3Error) -> [(number: Int, content: ObjectContent)] {
        let elements = document.all("Part")
        guard !elements.isEmpty else { throw .malformedXML }
        var parts: [(number: Int, content: ObjectContent)] = []
        for element in elements {
            guard let number = Int(try element.requiredText("PartNumber")) else { throw .malformedXML }
            if let previous = parts.last, number <= previous.number { throw .invalidPartOrder }
            let tag = try element.requiredText("ETag").trimmingSpaces().filter { $0 != "\"" }
            guard let content = upload.parts[number]?.content, content.entityTag == tag else { throw .invalidPart }
            if let checksum = content.checksum, let declared = element.first(checksum.algorithm.elementName) {
                guard declared.text == checksum.value else { throw .invalidPart }
            }
            parts.append((number, content))
        }
        for part in parts.dropLast() where part.content.size < MultipartUpload.smallestPart {
            throw .entityTooSmall(size: part.content.size, part: part.number)
        }
        return parts
    }

    private func completedChecksum(
        of upload: MultipartUpload,
        parts: [(number: Int, content: ObjectContent)],
        body: Body,
        size: Int
    ) throws -> Checksum? {
        guard let algorithm = upload.checksumAlgorithm else { return nil }
        if upload.checksumKind == .fullObject {
            return try Self.checksum(algorithm, of: BodyReader(body, range: 0..<size))
        }
        return Checksum.composite(algorithm, of: parts.compactMap(\.content.checksum))
    }

    /// The ETag of an object in parts: the MD5 digest of the parts' digests, and their number.
    static func entityTag(ofParts tags: [String]) -> String {
        var digest = Insecure.MD5()
        for tag in tags { digest.update(data: ByteText.bytes(hex: tag) ?? []) }
        return "\(ByteText.hex(digest.finalize()))-\(tags.count)"
    }

    func abortMultipartUpload(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        let upload = try store.upload(call.query["uploadId"] ?? "", of: call.key, in: bucket)
        store.abort(upload.id, in: bucket)
        return Response(status: 204)
    }
}
