import NIOHTTP1

extension S3Service {
    /// The classes that an object can be put into and read from at once.
    private static let storageClasses: Set<String> = [
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR",
    ]

    /// The class that a request asks for.
    ///
    /// - Throws: `InvalidStorageClass`; `NotImplemented` for those whose objects have to be restored first.
    func storageClass(_ call: Call) throws(S3Error) -> String {
        guard let name = call.header("x-amz-storage-class") else { return "STANDARD" }
        if Self.storageClasses.contains(name) { return name }
        if name == "GLACIER" || name == "DEEP_ARCHIVE" { throw .notImplemented("x-amz-storage-class") }
        throw S3Error("InvalidStorageClass", 400, "The storage class you specified is not valid")
    }

    /// The tags that a request gives the object it makes.
    func tags(_ call: Call) throws(S3Error) -> [ObjectTag] {
        guard let header = call.header("x-amz-tagging") else { return [] }
        return try ObjectTag.parse(header: header)
    }

    func putObject(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        guard let received = call.received, let md5 = received.md5 else { throw S3Error.incompleteBody }
        let content = ObjectContent(
            body: received.body,
            size: received.size,
            entityTag: ByteText.hex(md5),
            checksum: received.checksum
        )
        let record = ObjectRecord(
            content: content,
            attributes: try ObjectAttributes(request: call.head.headers),
            tags: try tags(call),
            storageClass: try storageClass(call),
            lastModified: call.now
        )
        let conditions = Conditions(call.head.headers)
        try store.put(record, for: call.key, in: bucket) { try conditions.checkWrite($0, key: call.key) }
        var headers: HTTPHeaders = ["ETag": "\"\(content.entityTag)\""]
        add(content.checksum, to: &headers)
        return Response(headers: headers)
    }

    /// GetObject, and HeadObject: the connection leaves out the bytes.
    func getObject(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        try checkReadable(call.key)
        let part = try call.query.number("partNumber", in: MultipartUpload.partNumbers)
        let rangeHeader = call.header("Range")
        if part != nil, rangeHeader != nil {
            throw S3Error.invalidRequest("Cannot specify both Range header and partNumber query parameter")
        }
        let conditions = Conditions(call.head.headers)
        var partial: Range<Int>?
        let (record, reader) = try store.open(call.key, in: bucket) { record in
            do throws(S3Error) {
                try conditions.checkRead(record)
            } catch {
                var error = error
                if error.status == 304 { error.headers = Self.validators(record) }
                throw error
            }
            let size = record.content.size
            if let part {
                guard let range = record.content.range(ofPart: part) else { throw S3Error.invalidPartNumber }
                partial = range
            } else if let rangeHeader {
                partial = try ByteRange.resolve(rangeHeader, size: size)
            }
            return call.head.method == "HEAD" ? nil : partial ?? 0..<size
        }
        let content = record.content
        var headers = HTTPHeaders()
        headers.reserveCapacity(16)
        for header in Self.validators(record) { headers.add(name: header.name, value: header.value) }
        headers.add(name: "Accept-Ranges", value: "bytes")
        record.attributes.append(to: &headers)
        try override(&headers, call.query)
        if record.storageClass != "STANDARD" { headers.add(name: "x-amz-storage-class", value: record.storageClass) }
        if !record.tags.isEmpty { headers.add(name: "x-amz-tagging-count", value: String(record.tags.count)) }
        if part != nil, !content.parts.isEmpty {
            headers.add(name: "x-amz-mp-parts-count", value: String(content.parts.count))
        }
        if partial == nil, call.header("x-amz-checksum-mode")?.uppercased() == "ENABLED" {
            add(content.checksum, to: &headers)
        }
        var response = Response(headers: headers)
        response.contentLength = partial?.count ?? content.size
        if let partial {
            response.status = 206
            let bounds = partial.isEmpty ? "*" : "\(partial.lowerBound)-\(partial.upperBound - 1)"
            response.headers.add(name: "Content-Range", value: "bytes \(bounds)/\(content.size)")
        }
        if let reader { response.content = .stored(reader) }
        return response
    }

    private static func validators(_ record: ObjectRecord) -> [(name: String, value: String)] {
        [("Last-Modified", record.lastModified.http), ("ETag", "\"\(record.content.entityTag)\"")]
    }

    /// The headers that a reader may ask to have other values.
    private func override(_ headers: inout HTTPHeaders, _ query: QueryParameters) throws(S3Error) {
        let prefix = "response-"
        for (name, value) in query.pairs where name.hasPrefix(prefix) {
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw .invalidArgument(name, "", "Header value cannot hold control characters")
            }
            headers.replaceOrAdd(name: String(name.dropFirst(prefix.count)), value: value)
        }
    }

    func add(_ checksum: Checksum?, to headers: inout HTTPHeaders) {
        guard let checksum else { return }
        headers.add(name: checksum.algorithm.headerName, value: checksum.value)
        headers.add(name: "x-amz-checksum-type", value: checksum.kind.rawValue)
    }

    /// That there is no such object is not an error.
    func deleteObject(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        let conditions = Conditions(call.head.headers)
        try store.remove(call.key, in: bucket) { try conditions.checkWrite($0, key: call.key) }
        return Response(status: 204)
    }

    /// S3's bound on the keys of one DeleteObjects.
    private static let mostDeletions = 1000

    func deleteObjects(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        guard call.header("Content-MD5") != nil || call.received?.checksum != nil else {
            throw S3Error.invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
        }
        let document = try RequestDocument.parse(call.document, root: "Delete")
        let entries = document.all("Object")
        guard (1...Self.mostDeletions).contains(entries.count) else { throw S3Error.malformedXML }
        let isQuiet = document.first("Quiet")?.text == "true"
        var writer = XMLWriter(root: "DeleteResult")
        for entry in entries {
            let key = Array(try entry.requiredText("Key").utf8)
            do {
                if let version = entry.first("VersionId"), version.text != "null" { throw S3Error.noSuchVersion }
                if let condition = entry.children.first(where: { $0.name != "Key" && $0.name != "VersionId" }) {
                    throw S3Error.notImplemented(condition.name)
                }
                try store.remove(ObjectKey(validating: key), in: bucket)
                if isQuiet { continue }
                writer.open("Deleted")
                writer.element("Key", key)
                writer.close("Deleted")
            } catch let error as S3Error {
                writer.open("Error")
                writer.element("Key", key)
                writer.element("Code", error.code)
                writer.element("Message", error.message)
                writer.close("Error")
            }
        }
        writer.close("DeleteResult")
        return Response(document: writer.bytes)
    }
}
