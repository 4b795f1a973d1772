/// What a symbol of a key is predicted from.
///
/// Keys differ in what tells their next byte best: the place within a folder where they have one shape, the bytes before
/// it where lengths vary. The model tries each and keeps the best.
enum SymbolContext: Int, CaseIterable, Sendable {
    case previousByte
    case previousTwoBytes
    case place
    case placeAndPreviousByte

    /// The kind to fall back to where little was seen; the background for the others.
    var wider: SymbolContext? { self == .placeAndPreviousByte ? .place : nil }

    /// Contexts are numbered per kind; beyond this many, further ones share the background distribution.
    static let limit = 1024

    /// The context of the symbol after `prefix[..<position]`, as a number that is unique within the kind.
    func value(at position: Int, in key: [UInt8], segmentStart: Int) -> UInt32 {
        let previous = position > 0 ? UInt32(key[position - 1]) : 0x100
        switch self {
        case .previousByte:
            return previous
        case .previousTwoBytes:
            return (position > 1 ? UInt32(key[position - 2]) : 0x100) << 9 | previous
        case .place:
            return Self.place(position, in: key, segmentStart: segmentStart)
        case .placeAndPreviousByte:
            return Self.place(position, in: key, segmentStart: segmentStart) << 9 | previous
        }
    }

    /// The number of bytes since the last separator, and that of the folders before it as far as levels are told apart.
    private static func place(_ position: Int, in key: [UInt8], segmentStart: Int) -> UInt32 {
        let folders = key[..<segmentStart].reduce(UInt32(0)) { $0 + ($1 == separator ? 1 : 0) }
        return UInt32(position - segmentStart) << 4 | min(15, folders)
    }

    /// The byte after which a place within a segment is counted from 0 again.
    static let separator = UInt8(ascii: "/")
}
