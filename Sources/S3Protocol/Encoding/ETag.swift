/// An ETag without the quotes that it is sent with.
func unquoted(_ etag: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard etag.count >= 2, etag.first == UInt8(ascii: "\""), etag.last == UInt8(ascii: "\"") else { return etag }
    return etag.dropFirst().dropLast()
}
