import NIOHTTP1

extension S3Service {
    func getObjectTagging(_ call: Call) throws -> Response {
        let bucket = try store.bucket(call.bucketName)
        guard let record = store.object(call.key, in: bucket) else { throw S3Error.noSuchKey(call.key) }
        var writer = XMLWriter(root: "Tagging")
        writer.open("TagSet")
        for tag in record.tags {
            writer.open("Tag")
            writer.element("Key", tag.key)
            writer.element("Value", tag.value)
            writer.close("Tag")
        }
        writer.close("TagSet")
        writer.close("Tagging")
        return Response(document: writer.bytes)
    }

    func putObjectTagging(_ call: Call) throws -> Response {
        let document = try RequestDocument.parse(call.document, root: "Tagging")
        guard let set = document.first("TagSet") else { throw S3Error.malformedXML }
        var tags: [ObjectTag] = []
        for tag in set.all("Tag") {
            tags.append(ObjectTag(key: try tag.requiredText("Key"), value: try tag.requiredText("Value")))
        }
        let validated = try ObjectTag.validated(tags)
        try store.update(call.key, in: store.bucket(call.bucketName)) { $0.tagged(validated) }
        return Response()
    }

    func deleteObjectTagging(_ call: Call) throws -> Response {
        try store.update(call.key, in: store.bucket(call.bucketName)) { $0.tagged([]) }
        return Response(status: 204)
    }
}
