/// An object as the index knows it.
///
/// Nothing in it changes; a change makes a new record that shares the rest.
final class ObjectRecord: Sendable {
    let content: ObjectContent
    let attributes: ObjectAttributes
    let tags: [ObjectTag]
    let storageClass: String
    let lastModified: Timestamp

    init(
        content: ObjectContent,
        attributes: ObjectAttributes,
        tags: [ObjectTag],
        storageClass: String,
        lastModified: Timestamp
    ) {
        self.content = content
        self.attributes = attributes
        self.tags = tags
        self.storageClass = storageClass
        self.lastModified = lastModified
    }

    /// The same object with its bytes elsewhere.
    func moved(to body: Body) -> ObjectRecord {
        ObjectRecord(
            content: content.moved(to: body),
            attributes: attributes,
            tags: tags,
            storageClass: storageClass,
            lastModified: lastModified
        )
    }

    /// The same object with other tags; its modification time stays, as in S3.
    func tagged(_ tags: [ObjectTag]) -> ObjectRecord {
        ObjectRecord(
            content: content,
            attributes: attributes,
            tags: tags,
            storageClass: storageClass,
            lastModified: lastModified
        )
    }
}
