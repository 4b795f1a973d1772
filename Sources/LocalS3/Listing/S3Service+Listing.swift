import Synchronization

extension S3Service {
    /// S3's bound on the entries of a page.
    private static let largestPage = 1000

    func listObjectsV2(_ call: Call) throws -> Response {
        let query = call.query
        let encoding = try NameEncoding(query)
        let token = query["continuation-token"]
        let startAfter = query["start-after"] ?? ""
        let after =
            if let token { try ContinuationToken.decode(token) } else {
                startAfter.isEmpty ? nil : Array(startAfter.utf8)
            }
        let maximum = min(try query.number("max-keys", in: 0...Int(Int32.max)) ?? Self.largestPage, Self.largestPage)
        let listing = try list(call, after: after, maximum: maximum)

        var writer = beginListing(call, listing: listing, maximum: maximum, encoding: encoding)
        writer.element("KeyCount", listing.count)
        if let token { writer.element("ContinuationToken", token) }
        if !startAfter.isEmpty { encoding.write("StartAfter", Array(startAfter.utf8), to: &writer) }
        if listing.isTruncated {
            writer.element("NextContinuationToken", ContinuationToken.encode(after: listing.last))
        }
        endListing(listing, withOwner: query["fetch-owner"] == "true", encoding: encoding, to: &writer)
        return Response(document: writer.bytes)
    }

    /// The first version of the listing, which older clients still send.
    func listObjects(_ call: Call) throws -> Response {
        let query = call.query
        if let type = query["list-type"] {
            throw S3Error.invalidArgument("list-type", type, "Invalid List Type specified in Request")
        }
        let encoding = try NameEncoding(query)
        let marker = Array((query["marker"] ?? "").utf8)
        let maximum = min(try query.number("max-keys", in: 0...Int(Int32.max)) ?? Self.largestPage, Self.largestPage)
        let listing = try list(call, after: marker.isEmpty ? nil : marker, maximum: maximum)

        var writer = beginListing(call, listing: listing, maximum: maximum, encoding: encoding)
        encoding.write("Marker", marker, to: &writer)
        // Without a delimiter the last key is the next marker, and S3 does not repeat it.
        if listing.isTruncated, query["delimiter"] != nil { encoding.write("NextMarker", listing.last, to: &writer) }
        endListing(listing, withOwner: true, encoding: encoding, to: &writer)
        return Response(document: writer.bytes)
    }

    private func list(_ call: Call, after: [UInt8]?, maximum: Int) throws -> Listing {
        let bucket = try store.bucket(call.bucketName)
        let bound = faults.withLock { $0.faults.shortPageMaximum } ?? maximum
        let request = Listing.Request(
            prefix: Array((call.query["prefix"] ?? "").utf8),
            delimiter: Array((call.query["delimiter"] ?? "").utf8),
            after: after,
            maximum: min(maximum, bound)
        )
        return bucket.contents.withLock { Listing(request, of: $0.objects) }
    }

    private func beginListing(
        _ call: Call,
        listing: Listing,
        maximum: Int,
        encoding: NameEncoding
    ) -> XMLWriter {
        var writer = XMLWriter(root: "ListBucketResult", capacity: 512 + listing.count * 320)
        writer.element("Name", call.bucketName)
        encoding.write("Prefix", Array((call.query["prefix"] ?? "").utf8), to: &writer)
        if let delimiter = call.query["delimiter"], !delimiter.isEmpty {
            encoding.write("Delimiter", Array(delimiter.utf8), to: &writer)
        }
        writer.element("MaxKeys", maximum)
        if encoding.isURL { writer.element("EncodingType", "url") }
        writer.element("IsTruncated", listing.isTruncated)
        return writer
    }

    private func endListing(
        _ listing: Listing,
        withOwner: Bool,
        encoding: NameEncoding,
        to writer: inout XMLWriter
    ) {
        for (key, record) in listing.objects {
            writer.open("Contents")
            encoding.write("Key", key.bytes, to: &writer)
            writer.element("LastModified", record.lastModified.iso8601)
            writer.entityTag(record.content.entityTag)
            if let checksum = record.content.checksum {
                writer.element("ChecksumAlgorithm", checksum.algorithm.documentName)
                writer.element("ChecksumType", checksum.kind.rawValue)
            }
            writer.element("Size", record.content.size)
            if withOwner { writeOwner(to: &writer) }
            writer.element("StorageClass", record.storageClass)
            writer.close("Contents")
        }
        for prefix in listing.commonPrefixes {
            writer.open("CommonPrefixes")
            encoding.write("Prefix", prefix, to: &writer)
            writer.close("CommonPrefixes")
        }
        writer.close("ListBucketResult")
    }
}
