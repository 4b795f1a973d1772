import Foundation

/// An object's key: its bytes as they are, compared as bytes.
struct ObjectKey: Sendable, Hashable, Comparable {
    /// S3's bound on a key's length in bytes.
    static let maximumLength = 1024

    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.bytes.withUnsafeBytes { leftBytes in
            right.bytes.withUnsafeBytes { rightBytes in
                compare(leftBytes, rightBytes) < 0
            }
        }
    }

    private static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        let shared = min(left.count, right.count)
        if shared > 0, let leftStart = left.baseAddress, let rightStart = right.baseAddress {
            let order = memcmp(leftStart, rightStart, shared)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }

    /// The least key above every key that starts with these bytes; `nil` when there is none.
    var firstAfterAllWithThisPrefix: ObjectKey? {
        var end = bytes
        while let last = end.popLast() {
            if last < .max {
                end.append(last + 1)
                return ObjectKey(end)
            }
        }
        return nil
    }
}
