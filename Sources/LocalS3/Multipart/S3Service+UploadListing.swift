import Synchronization

extension S3Service {
    /// S3's bound on the entries of these pages.
    private static let largestUploadPage = 1000

    func listParts(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        let upload = try store.upload(call.query["uploadId"] ?? "", of: call.key, in: bucket)
        let marker = try call.query.number("part-number-marker", in: 0...Int(Int32.max)) ?? 0
        let asked = try call.query.number("max-parts", in: 0...Int(Int32.max)) ?? Self.largestUploadPage
        let maximum = min(asked, Self.largestUploadPage)
        let rest = upload.parts.filter { $0.key > marker }.sorted { $0.key < $1.key }
        let page = rest.prefix(maximum)
        var writer = XMLWriter(root: "ListPartsResult", capacity: 512 + page.count * 256)
        writer.element("Bucket", call.bucketName)
        writer.element("Key", call.key.bytes)
        writer.element("UploadId", upload.id)
        writeOwner(to: &writer, as: "Initiator")
        writeOwner(to: &writer)
        writer.element("StorageClass", upload.storageClass)
        writer.element("PartNumberMarker", marker)
        writer.element("NextPartNumberMarker", page.last?.key ?? 0)
        writer.element("MaxParts", maximum)
        writer.element("IsTruncated", page.count < rest.count)
        for (number, part) in page {
            writer.open("Part")
            writer.element("PartNumber", number)
            writer.element("LastModified", part.lastModified.iso8601)
            writer.entityTag(part.content.entityTag)
            writer.element("Size", part.content.size)
            if let checksum = part.content.checksum {
                writer.element(checksum.algorithm.elementName, checksum.value)
            }
            writer.close("Part")
        }
        writer.close("ListPartsResult")
        return Response(document: writer.bytes)
    }

    /// Uploads under way, by key and then by when they began.
    func listMultipartUploads(_ call: Call) throws -> Response {
        let query = call.query
        let bucket = try store.bucket(call.bucketName)
        let encoding = try NameEncoding(query)
        let prefix = Array((query["prefix"] ?? "").utf8)
        if let delimiter = query["delimiter"], !delimiter.isEmpty { throw S3Error.notImplemented("delimiter") }
        let keyMarker = ObjectKey(Array((query["key-marker"] ?? "").utf8))
        let idMarker = keyMarker.bytes.isEmpty ? "" : query["upload-id-marker"] ?? ""
        let asked = try query.number("max-uploads", in: 0...Int(Int32.max)) ?? Self.largestUploadPage
        let maximum = min(asked, Self.largestUploadPage)
        let all = bucket.contents.withLock { Array($0.uploads.values) }
            .filter { $0.key.bytes.starts(with: prefix) }
            .sorted { ($0.key, $0.initiated, $0.id) < ($1.key, $1.initiated, $1.id) }
        // A marker names the last upload of the page before; without an upload's ID, all those of its key.
        let start: Int
        if !idMarker.isEmpty, let last = all.firstIndex(where: { $0.key == keyMarker && $0.id == idMarker }) {
            start = last + 1
        } else {
            start = keyMarker.bytes.isEmpty ? 0 : all.firstIndex { keyMarker < $0.key } ?? all.count
        }
        let page = all[start...].prefix(maximum)
        let isTruncated = maximum > 0 && page.endIndex < all.endIndex
        var writer = XMLWriter(root: "ListMultipartUploadsResult", capacity: 512 + page.count * 384)
        writer.element("Bucket", call.bucketName)
        encoding.write("KeyMarker", keyMarker.bytes, to: &writer)
        writer.element("UploadIdMarker", idMarker)
        if isTruncated, let last = page.last {
            encoding.write("NextKeyMarker", last.key.bytes, to: &writer)
            writer.element("NextUploadIdMarker", last.id)
        }
        encoding.write("Prefix", prefix, to: &writer)
        writer.element("MaxUploads", maximum)
        if encoding.isURL { writer.element("EncodingType", "url") }
        writer.element("IsTruncated", isTruncated)
        for upload in page {
            writer.open("Upload")
            encoding.write("Key", upload.key.bytes, to: &writer)
            writer.element("UploadId", upload.id)
            writeOwner(to: &writer, as: "Initiator")
            writeOwner(to: &writer)
            writer.element("StorageClass", upload.storageClass)
            writer.element("Initiated", upload.initiated.iso8601)
            writer.close("Upload")
        }
        writer.close("ListMultipartUploadsResult")
        return Response(document: writer.bytes)
    }
}
