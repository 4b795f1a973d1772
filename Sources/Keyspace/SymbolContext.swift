/// What a symbol of a key is predicted from.
///
/// Keys differ in what tells their next byte best: the position where they have one shape, the bytes before it where
/// lengths vary, the place within a folder where folders differ in length. The model tries each and keeps the best.
enum SymbolContext: Int, CaseIterable, Sendable {
    case position
    case previousByte
    case previousTwoBytes
    case positionAndPreviousByte
    case placeInSegment

    /// The kind to fall back to where little was seen; the background for the others.
    var wider: SymbolContext? {
        switch self {
        case .position, .previousByte, .previousTwoBytes, .placeInSegment: nil
        case .positionAndPreviousByte: .position
        }
    }

    /// Contexts are numbered per kind; beyond this many, further ones share the background distribution.
    static let limit = 1024

    /// The context of the symbol after `prefix[..<position]`, as a number that is unique within the kind.
    func value(at position: Int, in key: [UInt8], segmentStart: Int) -> UInt32 {
        let previous = position > 0 ? UInt32(key[position - 1]) : 0x100
        switch self {
        case .position:
            return UInt32(position)
        case .previousByte:
            return previous
        case .previousTwoBytes:
            return (position > 1 ? UInt32(key[position - 2]) : 0x100) << 9 | previous
        case .positionAndPreviousByte:
            return UInt32(position) << 9 | previous
        case .placeInSegment:
            return UInt32(min(position - segmentStart, 63)) << 9 | UInt32(segmentStart == 0 ? 0 : 1) << 15 | previous
        }
    }

    /// The byte after which a place within a segment is counted from 0 again.
    static let separator = UInt8(ascii: "/")
}
