extension Span<UInt8> {
    /// Eight bytes as one number, the first of them in its lowest bits.
    ///
    /// The one place where bytes are read as something else. It is safe: any eight bytes are a `UInt64`, it needs no
    /// alignment, and the load itself checks that all of them are within the span.
    @inline(__always)
    private func word(at index: Int) -> UInt64 {
        let raw: RawSpan = self.bytes
        return UInt64(littleEndian: unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// Whether the bytes are the same as others.
    @inline(__always)
    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        if count >= 8 {
            while index < count - 8 {
                if word(at: index) != other.word(at: index) { return false }
                index += 8
            }
            // The last eight, some of which may have been compared before.
            return word(at: count - 8) == other.word(at: count - 8)
        }
        while index < count {
            if self[index] != other[index] { return false }
            index += 1
        }
        return true
    }

    /// Whether the bytes stand before others: by the first that differs, or as the shorter of two that begin alike.
    @inline(__always)
    func precedes(_ other: Span<UInt8>) -> Bool {
        let shorter = Swift.min(count, other.count)
        var index = 0
        while index <= shorter - 8 {
            let (left, right) = (word(at: index), other.word(at: index))
            if left != right { return left.byteSwapped < right.byteSwapped }
            index += 8
        }
        while index < shorter {
            if self[index] != other[index] { return self[index] < other[index] }
            index += 1
        }
        return count < other.count
    }

    /// The place of the first byte of a value, from a place on; `count` if there is none.
    @inline(__always)
    func firstIndex(of byte: UInt8, from start: Int) -> Int { firstIndex(of: byte, or: byte, from: start) }

    /// The place of the first byte of either value, from a place on; `count` if there is none.
    ///
    /// Eight bytes are looked at in one step (Hacker's Delight, 2nd edition, section 6-1): what a page consists of is
    /// too short for the C library's search to be worth its call.
    @inline(__always)
    func firstIndex(of first: UInt8, or second: UInt8, from start: Int) -> Int {
        var index = start
        while index <= count - 8 {
            let word = word(at: index)
            let marks = word.marks(of: first) | word.marks(of: second)
            if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < count, self[index] != first, self[index] != second { index += 1 }
        return index
    }
}

extension UInt64 {
    /// The top bit of every byte that has a value, up to the first of them; what is above that one means nothing.
    @inline(__always)
    fileprivate func marks(of byte: UInt8) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let rest = self ^ (ones &* UInt64(byte))
        return (rest &- ones) & ~rest & (ones << 7)
    }
}
