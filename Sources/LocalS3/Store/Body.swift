/// The bytes of an object or of a part, wherever they are; their number is kept beside it.
enum Body: Sendable {
    /// Pieces in memory, one after the other, which copies and uploads in parts share with their sources.
    case memory([ArraySlice<UInt8>])
    /// The first bytes of a file.
    case file(FileBody)

    static let empty = Body.memory([])
}
