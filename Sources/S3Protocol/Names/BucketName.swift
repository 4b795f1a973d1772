/// The name of a bucket, checked against the rules that every S3 server shares.
///
/// Source of the rules: Amazon S3 User Guide, "General purpose bucket naming rules". Names from before 2018 in
/// us-east-1 and names on other servers may also hold upper-case letters and underscores and be up to 255 bytes long,
/// so those are let through; what can never be sent in a path or a host name is not.
public struct BucketName: Sendable, Hashable, CustomStringConvertible {
    /// The name's text: ASCII letters, digits, `-`, `_` and `.` only.
    public let description: String

    /// Checks a name.
    ///
    /// - Throws: ``InvalidBucketName`` with the rule that the name breaks.
    public init(_ text: String) throws(InvalidBucketName) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 3 else { throw InvalidBucketName(name: text, rule: "it must have at least 3 characters") }
        guard bytes.count <= 255 else {
            throw InvalidBucketName(name: text, rule: "it must have at most 63 characters (255 on old buckets)")
        }
        let punctuation = Array("-._".utf8)
        guard bytes.allSatisfy({ $0.isASCIILetterOrDigit || punctuation.contains($0) }) else {
            throw InvalidBucketName(
                name: text,
                rule: "it may hold only letters, digits, hyphens and dots (and underscores on old buckets)"
            )
        }
        guard let first = bytes.first, let last = bytes.last, first.isASCIILetterOrDigit, last.isASCIILetterOrDigit
        else {
            throw InvalidBucketName(name: text, rule: "it must begin and end with a letter or a digit")
        }
        guard !text.contains("..") else {
            throw InvalidBucketName(name: text, rule: "two dots may not stand beside each other")
        }
        description = text
    }

    /// Whether the name can be the first label of a host name that a wildcard certificate covers.
    ///
    /// A dot would need one more label than `*.s3.amazonaws.com` has, and host names hold neither upper-case letters
    /// nor underscores.
    public var fitsHostName: Bool {
        let bytes = description.utf8
        return bytes.count <= 63
            && bytes.allSatisfy {
                $0 == UInt8(ascii: "-") || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                    || ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z"))
            }
    }
}

/// A bucket name that no S3 server accepts.
public struct InvalidBucketName: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name as it was given.
    public let name: String
    /// The rule that it breaks, as the second half of a sentence.
    public let rule: String

    /// A sentence that names the bucket and the rule.
    public var description: String { "'\(name)' is not a valid bucket name: \(rule)" }
}
