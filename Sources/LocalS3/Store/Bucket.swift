import Synchronization

/// A bucket: its index of objects and the uploads under way in it.
final class Bucket: Sendable {
    struct Contents: Sendable {
        var objects = OrderedIndex<ObjectKey, ObjectRecord>()
        var uploads: [String: MultipartUpload] = [:]
        /// Set when the bucket is deleted, so that whoever still holds it adds nothing.
        var isDeleted = false
    }

    let name: String
    let created: Timestamp
    let contents: Mutex<Contents>

    init(name: String, created: Timestamp, contents: consuming Contents = Contents()) {
        self.name = name
        self.created = created
        self.contents = Mutex(contents)
    }

    /// Whether S3 allows a bucket of this name (S3 user guide, "General purpose bucket naming rules").
    static func isValidName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last,
            isLetterOrDigit(first), isLetterOrDigit(last)
        else { return false }
        for (index, byte) in bytes.enumerated() {
            guard isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") else { return false }
            if byte == UInt8(ascii: "."), bytes[index - 1] == byte { return false }
        }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let looksLikeAddress = labels.count == 4 && labels.allSatisfy { UInt8($0) != nil }
        return !looksLikeAddress && !name.hasPrefix("xn--") && !name.hasPrefix("sthree-")
            && !name.hasSuffix("-s3alias") && !name.hasSuffix("--ol-s3")
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
