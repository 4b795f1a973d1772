extension Array<UInt8> {
    /// Appends bytes in base64 with padding (RFC 4648, section 4).
    mutating func appendBase64(_ bytes: some Sequence<UInt8>) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var group: UInt32 = 0
        var bits = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                append(alphabet[Int(group >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 {
            append(alphabet[Int(group << UInt32(6 - bits) & 63)])
            append(contentsOf: repeatElement(UInt8(ascii: "="), count: bits == 2 ? 2 : 1))
        }
    }
}
