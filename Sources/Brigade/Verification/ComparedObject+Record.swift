/// The form in which objects wait in a temporary file: lengths and size, lowest byte first, then name and ETag.
extension ComparedObject {
    private static let headLength = 12

    /// Appends the object's record.
    func appendRecord(to bytes: inout [UInt8]) {
        Self.append(name.count, width: 2, to: &bytes)
        Self.append(etag.count, width: 2, to: &bytes)
        Self.append(size, width: 8, to: &bytes)
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: etag)
    }

    /// Reads the record that begins at a place; `nil` if the bytes end before it does.
    ///
    /// - Returns: The object, and where the next record begins.
    static func read(_ bytes: [UInt8], at start: Int) -> (object: ComparedObject, end: Int)? {
        guard start + headLength <= bytes.count else { return nil }
        let nameStart = start + headLength
        let etagStart = nameStart + number(bytes[start..<start + 2])
        let end = etagStart + number(bytes[start + 2..<start + 4])
        guard end <= bytes.count else { return nil }
        let object = ComparedObject(
            name: bytes[nameStart..<etagStart],
            size: number(bytes[start + 4..<start + 12]),
            etag: bytes[etagStart..<end]
        )
        return (object, end)
    }

    /// The name of the record that begins at a place, all of which is there.
    static func name(in bytes: [UInt8], at start: Int) -> ArraySlice<UInt8> {
        bytes[(start + headLength)..<(start + headLength + number(bytes[start..<start + 2]))]
    }

    private static func append(_ number: Int, width: Int, to bytes: inout [UInt8]) {
        for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> (index * 8))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
}
