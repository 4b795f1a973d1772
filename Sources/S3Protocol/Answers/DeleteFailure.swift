/// One key that a batch deletion could not delete.
public struct DeleteFailure: Sendable, Hashable {
    /// The key.
    public var key: ObjectKey
    /// S3's error code.
    public var code: String
    /// S3's message.
    public var message: String

    /// Creates a failure from its parts.
    public init(key: ObjectKey, code: String, message: String) {
        self.key = key
        self.code = code
        self.message = message
    }

    /// Reads the answer of DeleteObjects: the keys that are still there, empty when all are gone.
    ///
    /// - Throws: ``MalformedXML`` if it is not such an answer.
    public static func read(_ body: [UInt8]) throws(MalformedXML) -> [DeleteFailure] {
        let document = try S3Document(body)
        guard document.isRooted("DeleteResult") else {
            throw MalformedXML(reason: "its root is '\(document.root)', not 'DeleteResult'")
        }
        return document.rows(of: "Error", ["Key", "Code", "Message"]).map { row in
            DeleteFailure(
                key: ObjectKey(row[0] ?? []),
                code: String(decoding: row[1] ?? [], as: UTF8.self),
                message: String(decoding: row[2] ?? [], as: UTF8.self)
            )
        }
    }
}
