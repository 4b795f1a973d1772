internal import S3Protocol

/// Whether a server lists as parallel listing needs it: in byte order, and from where it is asked to.
enum ListingOrder {
    /// Looks at every key of a page, or of the rest of one.
    ///
    /// - Parameters:
    ///   - objects: The objects of the page.
    ///   - start: The key after which they were asked for; empty for the start.
    ///   - firstKey: The first key of the whole listing. A server that begins with it, or with `start`, was asked for
    ///     what lies above `start` in vain.
    /// - Returns: What the server does instead; `nil` if the keys ascend by their bytes from above `start`.
    static func violation(in objects: Slice<ListPage>, after start: [UInt8], firstKey: ObjectKey?) -> ListNotice? {
        var previous = ObjectKey(start)
        for index in objects.indices {
            let key = objects[index].key
            guard previous < key else {
                let isStartIgnored =
                    index == objects.startIndex && !start.isEmpty && (key == firstKey || key == previous)
                return isStartIgnored ? .startAfterIgnored : .notInByteOrder
            }
            previous = key
        }
        return nil
    }
}
