/// Keeps everything in memory; a copy shares its source's bytes.
struct MemoryBackend: StorageBackend {
    var largestRequestBody: Int { LocalS3Configuration.largestBodyInMemory }

    func makeSink(expected: Int) -> any BodySink { MemorySink(expected: expected) }

    func duplicate(_ reader: BodyReader) -> Body {
        .memory(Self.own(reader.slicesInMemory))
    }

    func join(_ parts: [(body: Body, size: Int)]) -> Body {
        .memory(
            parts.flatMap { part in
                guard case .memory(let slices) = part.body else { return Self.own(nil) }
                return slices
            }
        )
    }

    func keep(_ record: ObjectRecord, key: ObjectKey, bucket: String) -> ObjectRecord { record }

    func remove(key: ObjectKey, bucket: String) {}

    func createBucket(_ name: String, created: Timestamp) {}

    func removeBucket(_ name: String) {}

    private static func own(_ slices: [ArraySlice<UInt8>]?) -> [ArraySlice<UInt8>] {
        guard let slices else { preconditionFailure("a file's body in storage that has no files") }
        return slices
    }
}
