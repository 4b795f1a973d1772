/// The one range of bytes that a `Range` header asks for (RFC 9110, 14).
enum ByteRange {
    /// Finds the bytes meant.
    ///
    /// - Returns: `nil` when the header is not one range of bytes; such a header is passed over, as the RFC has it.
    /// - Throws: `InvalidRange` when none of the bytes exist.
    static func resolve(_ header: String, size: Int) throws(S3Error) -> Range<Int>? {
        guard header.hasPrefix("bytes=") else { return nil }
        let bounds = header.dropFirst(6).trimmingSpaces().split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        if bounds[0].isEmpty {
            guard let length = number(bounds[1]) else { return nil }
            guard length > 0, size > 0 else { throw .invalidRange(header, size: size) }
            return max(0, size - length)..<size
        }
        guard let first = number(bounds[0]) else { return nil }
        guard let last = bounds[1].isEmpty ? .max : number(bounds[1]), last >= first else { return nil }
        guard first < size else { throw .invalidRange(header, size: size) }
        return first..<(min(last, size - 1) + 1)
    }

    /// Finds the bytes of a copy's source, whose range must have both ends and lie within the source.
    ///
    /// - Throws: `InvalidArgument`, `InvalidRange`.
    static func resolveCopySource(_ header: String, size: Int) throws(S3Error) -> Range<Int> {
        let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard header.hasPrefix("bytes="), bounds.count == 2, let first = number(bounds[0]),
            let last = number(bounds[1]), first <= last
        else {
            throw .invalidArgument(
                "x-amz-copy-source-range",
                header,
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
                    + "zero-based offsets of the first and last bytes to copy"
            )
        }
        guard last < size else { throw .invalidRange(header, size: size) }
        return first..<(last + 1)
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
