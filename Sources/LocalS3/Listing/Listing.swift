/// One page of a bucket's keys.
struct Listing: Sendable {
    /// What a page is asked for.
    struct Request: Sendable {
        var prefix: [UInt8] = []
        /// Empty for none.
        var delimiter: [UInt8] = []
        /// Keys and common prefixes at or below this are left out; `nil` for none.
        var after: [UInt8]?
        /// Keys and common prefixes together.
        var maximum: Int
    }

    var objects: [(key: ObjectKey, record: ObjectRecord)] = []
    var commonPrefixes: [[UInt8]] = []
    /// Whether there is more.
    var isTruncated = false
    /// The last key or common prefix of the page, from which the next goes on.
    var last: [UInt8] = []

    /// Keys and common prefixes.
    var count: Int { objects.count + commonPrefixes.count }

    /// Takes a page out of an index, in the order of the keys' bytes.
    ///
    /// A common prefix counts as one entry and is passed over in one step, however many keys it stands for. Like a
    /// key, it is listed only when it is above `after`: "a/b" leaves out "a/" (as MinIO and moto have it).
    init(_ request: Request, of index: OrderedIndex<ObjectKey, ObjectRecord>) {
        guard request.maximum > 0 else { return }
        let prefix = ObjectKey(request.prefix)
        let after = request.after.map { ObjectKey($0) }
        var position = index.position(of: .atOrAfter(prefix))
        if let after, prefix < after || prefix == after { position = index.position(of: .after(after)) }
        while let current = position {
            let (key, record) = index[current]
            guard key.bytes.starts(with: request.prefix) else { break }
            guard let common = Self.commonPrefix(of: key.bytes, request) else {
                if count == request.maximum {
                    isTruncated = true
                    break
                }
                objects.append((key, record))
                last = key.bytes
                position = index.position(after: current)
                continue
            }
            if after.map({ $0 < common }) ?? true {
                if count == request.maximum {
                    isTruncated = true
                    break
                }
                commonPrefixes.append(common.bytes)
                last = common.bytes
            }
            position = common.firstAfterAllWithThisPrefix.flatMap { index.position(of: .atOrAfter($0)) }
        }
    }

    /// The key up to and with the first delimiter after the prefix; `nil` when there is none.
    private static func commonPrefix(of key: [UInt8], _ request: Request) -> ObjectKey? {
        let delimiter = request.delimiter
        guard let first = delimiter.first else { return nil }
        var start = request.prefix.count
        while let found = key[start...].firstIndex(of: first) {
            if key[found...].starts(with: delimiter) { return ObjectKey(Array(key[..<(found + delimiter.count)])) }
            start = found + 1
        }
        return nil
    }
}
