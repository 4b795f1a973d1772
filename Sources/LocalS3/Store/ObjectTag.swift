/// One of an object's tags, within S3's bounds.
struct ObjectTag: Sendable, Hashable, Codable {
    /// S3's bounds: tags of an object, and characters of a key and of a value.
    static let maximumCount = 10
    private static let longestKey = 128
    private static let longestValue = 256

    var key: String
    var value: String

    /// Reads `x-amz-tagging`, which has the form of a query.
    static func parse(header: String) throws(S3Error) -> [ObjectTag] {
        var tags: [ObjectTag] = []
        for pair in header.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = PercentCoding.decodeText(parts[0], plusIsSpace: true),
                let value = parts.count == 2 ? PercentCoding.decodeText(parts[1], plusIsSpace: true) : ""
            else { throw .invalidTag("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded.") }
            tags.append(ObjectTag(key: key, value: value))
        }
        return try validated(tags)
    }

    static func validated(_ tags: [ObjectTag]) throws(S3Error) -> [ObjectTag] {
        guard tags.count <= maximumCount else { throw .tooManyTags }
        for tag in tags {
            guard (1...longestKey).contains(tag.key.unicodeScalars.count) else {
                throw .invalidTag("The TagKey you have provided is invalid")
            }
            guard tag.value.unicodeScalars.count <= longestValue else {
                throw .invalidTag("The TagValue you have provided is invalid")
            }
        }
        guard Set(tags.map(\.key)).count == tags.count else {
            throw .invalidTag("Cannot provide multiple Tags with the same key")
        }
        return tags
    }
}
