/// Writes a body to a temporary file.
final class FileSink: BodySink {
    private let file: OpenFile
    private let body: FileBody

    init(path: String) throws(LocalS3Error) {
        file = try OpenFile(writing: path, creating: true)
        body = FileBody(path: path, isTemporary: true)
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        try file.write(bytes)
    }

    func finish() -> Body { .file(body) }
}
