import NIOHTTP1

extension S3Service {
    func listBuckets() -> Response {
        var writer = XMLWriter(root: "ListAllMyBucketsResult")
        writeOwner(to: &writer)
        writer.open("Buckets")
        for bucket in store.allBuckets() {
            writer.open("Bucket")
            writer.element("Name", bucket.name)
            writer.element("CreationDate", bucket.created.iso8601)
            writer.close("Bucket")
        }
        writer.close("Buckets")
        writer.close("ListAllMyBucketsResult")
        return Response(document: writer.bytes)
    }

    /// The bucket's region is the server's; a document that names another is refused, as S3's endpoints do.
    func createBucket(_ call: Call) throws -> Response {
        let document = call.document
        var constraint = ""
        if !document.isEmpty {
            let root = try RequestDocument.parse(document, root: "CreateBucketConfiguration")
            for child in root.children where child.name != "LocationConstraint" {
                throw S3Error.notImplemented(child.name)
            }
            constraint = root.first("LocationConstraint")?.text ?? ""
        }
        if constraint.isEmpty, region != "us-east-1" {
            throw S3Error(
                "IllegalLocationConstraintException",
                400,
                "The unspecified location constraint is incompatible for the region specific endpoint this request "
                    + "was sent to."
            )
        }
        guard constraint.isEmpty || constraint == region else { throw S3Error.invalidLocationConstraint }
        try store.createBucket(call.bucketName, at: call.now)
        return Response(headers: ["Location": "/\(call.bucketName)"])
    }

    func headBucket(_ call: Call) throws -> Response {
        _ = try store.bucket(call.bucketName)
        return Response(headers: ["x-amz-bucket-region": region])
    }

    func deleteBucket(_ call: Call) throws -> Response {
        try store.deleteBucket(call.bucketName)
        return Response(status: 204)
    }

    /// The first region of all has no name here (S3 API reference, GetBucketLocation).
    func getBucketLocation(_ call: Call) throws -> Response {
        _ = try store.bucket(call.bucketName)
        var document =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint xmlns=\"\(XMLWriter.namespace)\""
        document += region == "us-east-1" ? "/>" : ">\(region)</LocationConstraint>"
        return Response(document: Array(document.utf8))
    }

    func writeOwner(to writer: inout XMLWriter, as name: String = "Owner") {
        writer.open(name)
        writer.element("ID", Self.ownerID)
        writer.element("DisplayName", Self.ownerID)
        writer.close(name)
    }
}
