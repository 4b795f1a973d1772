/// The order in which S3 lists keys: by bytes, the shorter of two first where one begins with the other.
enum KeyOrder {
    /// Whether the first key comes before the second.
    static func precedes(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> Bool {
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                let shorter = min(first.count, second.count)
                for index in 0..<shorter where first[index] != second[index] { return first[index] < second[index] }
                return first.count < second.count
            }
        }
    }

    /// The number of bytes with which both keys begin.
    static func commonPrefixLength(_ first: [UInt8], _ second: [UInt8]) -> Int {
        let shorter = min(first.count, second.count)
        var length = 0
        while length < shorter, first[length] == second[length] { length += 1 }
        return length
    }
}
