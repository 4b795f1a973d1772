/// Collects a body in memory.
final class MemorySink: BodySink {
    private var bytes: [UInt8] = []

    /// - Parameter expected: the number of bytes announced; only the first mebibyte of it is set aside at once, since
    ///   an announcement costs its sender nothing.
    init(expected: Int) {
        bytes.reserveCapacity(min(max(expected, 0), 1 << 20))
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        self.bytes.append(contentsOf: bytes)
    }

    func finish() -> Body {
        bytes.isEmpty ? .empty : .memory([bytes[...]])
    }
}
