/// A reflected CRC of 32 or 64 bits, fed as the bytes arrive.
struct CyclicRedundancyCheck: Sendable {
    /// The polynomial, as a table for each value of a byte.
    struct Polynomial: Sendable {
        fileprivate let table: [UInt64]
        /// The length of the result in bytes.
        let byteCount: Int

        /// Takes the polynomial with its lowest power in the highest bit.
        private init(reflected: UInt64, byteCount: Int) {
            table = (0..<256).map { index in
                (0..<8).reduce(UInt64(index)) { value, _ in
                    value & 1 == 1 ? value >> 1 ^ reflected : value >> 1
                }
            }
            self.byteCount = byteCount
        }

        /// The CRC of Ethernet and zip (ISO 3309).
        static let crc32 = Polynomial(reflected: 0xEDB8_8320, byteCount: 4)
        /// Castagnoli's CRC (RFC 3720, appendix B.4).
        static let crc32c = Polynomial(reflected: 0x82F6_3B78, byteCount: 4)
        /// The NVM Express specification's CRC of 64 bits.
        static let crc64nvme = Polynomial(reflected: 0x9A6C_9329_AC4B_C9B5, byteCount: 8)
    }

    private let polynomial: Polynomial
    private var value: UInt64

    init(_ polynomial: Polynomial) {
        self.polynomial = polynomial
        value = Self.mask(polynomial)
    }

    private static func mask(_ polynomial: Polynomial) -> UInt64 {
        polynomial.byteCount == 8 ? .max : 0xFFFF_FFFF
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var value = value
        polynomial.table.withUnsafeBufferPointer { table in
            for byte in bytes {
                value = value >> 8 ^ table[Int(truncatingIfNeeded: (value ^ UInt64(byte)) & 0xFF)]
            }
        }
        self.value = value
    }

    /// The result, the most significant byte first, as S3's headers carry it in base 64.
    func finalize() -> [UInt8] {
        Array(ByteText.bigEndianBytes(value ^ Self.mask(polynomial)).suffix(polynomial.byteCount))
    }
}
