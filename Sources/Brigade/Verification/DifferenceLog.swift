internal import S3Protocol

/// Keeps differences until it is certain that the way in which they were found is right, in bounded memory: what exceeds
/// 1 MiB waits in a temporary file.
actor DifferenceLog {
    private enum Kind: UInt8 {
        case missing, size, etag, extra
    }

    private static let pieceLength = 64 * 1024

    private var storage: SpoolStorage
    private var storedBytes = 0

    /// Creates an empty log; `folder` is where the temporary file is made, if one is needed.
    init(folder: String) {
        storage = SpoolStorage(folder: folder, memoryLimit: 1024 * 1024)
    }

    /// Takes differences in.
    ///
    /// - Throws: ``BrigadeError`` with the code `spoolFailed`.
    func append(_ differences: [Difference]) throws(BrigadeError) {
        guard !differences.isEmpty else { return }
        var bytes: [UInt8] = []
        for difference in differences {
            let (kind, key, size, other) =
                switch difference {
                case .missing(let key, let size): (Kind.missing, key, size, 0)
                case .size(let key, let source, let destination): (Kind.size, key, source, destination)
                case .etag(let key, let size): (Kind.etag, key, size, 0)
                case .extra(let key, let size): (Kind.extra, key, size, 0)
                }
            bytes.append(kind.rawValue)
            // The second number stands where an object's ETag would.
            let text = Array(String(other).utf8)
            ComparedObject(name: key.bytes, size: size, etag: text[...]).appendRecord(to: &bytes)
        }
        try storage.write(bytes, at: storedBytes)
        storedBytes += bytes.count
    }

    /// Forgets all of them.
    func clear() {
        storage.clear()
        storedBytes = 0
    }

    /// Gives all of them out, in the order in which they came.
    ///
    /// - Throws: ``BrigadeError`` with the code `spoolFailed`.
    func forEach(_ body: @Sendable (Difference) async -> Void) async throws(BrigadeError) {
        var start = 0
        while start < storedBytes {
            let bytes = try storage.read(min(Self.pieceLength, storedBytes - start), at: start)
            var position = 0
            while position < bytes.count, let kind = Kind(rawValue: bytes[position]),
                let (object, end) = ComparedObject.read(bytes, at: position + 1)
            {
                let key = ObjectKey(Array(object.name))
                switch kind {
                case .missing: await body(.missing(key, size: object.size))
                case .size:
                    let other = Int(String(decoding: object.etag, as: UTF8.self)) ?? 0
                    await body(.size(key, source: object.size, destination: other))
                case .etag: await body(.etag(key, size: object.size))
                case .extra: await body(.extra(key, size: object.size))
                }
                position = end
            }
            precondition(position > 0, "a record is shorter than a piece")
            start += position
        }
    }
}
