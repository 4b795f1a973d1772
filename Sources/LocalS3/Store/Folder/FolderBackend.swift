import Foundation
import Synchronization
import SystemPackage

/// Keeps buckets and objects as files under one folder.
///
/// ```
/// LocalS3.format            names this layout; locked while a server runs
/// buckets/NAME/bucket.json  when the bucket was made
/// buckets/NAME/objects/XX/D D is the SHA-256 digest of a key in hexadecimal, XX its first two digits; see `ObjectFile`
/// incoming/N.part           bodies and parts that are arriving; left-overs go when the server starts
/// ```
///
/// Every change is one rename. What was answered survives the end of the process, though not a failing machine: for
/// speed nothing is flushed to the disk. Uploads in parts that were not completed end with the process.
final class FolderBackend: StorageBackend {
    private let root: String
    /// Kept open for its lock.
    private let format: FileDescriptor
    private let sequence = Atomic<UInt64>(0)

    var largestRequestBody: Int { LocalS3Configuration.largestBodyInFolder }

    init(root: String, format: FileDescriptor) {
        self.root = root
        self.format = format
    }

    deinit {
        // Closing ends the lock; there is nothing to be done about a failure.
        try? format.close()
    }

    func makeSink(expected: Int) throws -> any BodySink {
        try FileSink(path: nextIncomingPath(suffix: FolderLayout.incomingSuffix))
    }

    func duplicate(_ reader: BodyReader) throws -> Body {
        let sink = try makeSink(expected: reader.remaining)
        try append(reader, to: sink)
        return try sink.finish()
    }

    func join(_ parts: [(body: Body, size: Int)]) throws -> Body {
        let sink = try makeSink(expected: parts.reduce(0) { $0 + $1.size })
        for part in parts { try append(BodyReader(part.body, range: 0..<part.size), to: sink) }
        return try sink.finish()
    }

    private func append(_ reader: BodyReader, to sink: any BodySink) throws {
        var reader = reader
        while let piece = try reader.next(upTo: 1 << 20) {
            try piece.withUnsafeBytes { try sink.append($0) }
        }
    }

    func keep(_ record: ObjectRecord, key: ObjectKey, bucket: String) throws -> ObjectRecord {
        let name = ObjectFile.name(of: key)
        let folder = "\(root)/\(FolderLayout.buckets)/\(bucket)/\(FolderLayout.objects)/\(name.folder)"
        let path = "\(folder)/\(name.file)"
        let incoming = try incomingFile(for: record)
        let ending = try ObjectFile.ending(record, key: key)
        let file = try OpenFile(writing: incoming.path, creating: false)
        try ending.withUnsafeBytes { try file.write($0) }
        if rename(incoming.path, path) != 0 {
            try FolderLayout.createFolder(folder)
            try FileFailure.check("move a file to", path) { rename(incoming.path, path) }
        }
        incoming.release()
        return record.moved(to: .file(FileBody(path: path, isTemporary: false)))
    }

    /// The temporary file that holds a record's body.
    ///
    /// An object whose record alone changes is written anew.
    private func incomingFile(for record: ObjectRecord) throws -> FileBody {
        let content = record.content
        if case .file(let file) = content.body, file.path.hasPrefix("\(root)/\(FolderLayout.incoming)/") { return file }
        guard case .file(let file) = try duplicate(BodyReader(content.body, range: 0..<content.size)) else {
            preconditionFailure("a body in memory from a sink that writes files")
        }
        return file
    }

    func remove(key: ObjectKey, bucket: String) throws {
        let name = ObjectFile.name(of: key)
        let path = "\(root)/\(FolderLayout.buckets)/\(bucket)/\(FolderLayout.objects)/\(name.folder)/\(name.file)"
        try FileFailure.check("remove", path) { unlink(path) }
    }

    func createBucket(_ name: String, created: Timestamp) throws {
        let folder = try nextIncomingPath(suffix: FolderLayout.bucketSuffix)
        try FolderLayout.createFolder(folder)
        try FolderLayout.createFolder("\(folder)/\(FolderLayout.objects)")
        try FolderLayout.BucketRecord(created: created.milliseconds).write(to: folder)
        let path = "\(root)/\(FolderLayout.buckets)/\(name)"
        try FileFailure.check("move a folder to", path) { rename(folder, path) }
    }

    func removeBucket(_ name: String) throws {
        let path = "\(root)/\(FolderLayout.buckets)/\(name)"
        let folder = try nextIncomingPath(suffix: FolderLayout.bucketSuffix)
        try FileFailure.check("move the folder", path) { rename(path, folder) }
        _ = try FileFailure.wrap("remove", folder) { try FileManager.default.removeItem(atPath: folder) }
    }

    private func nextIncomingPath(suffix: String) throws -> String {
        let number = sequence.add(1, ordering: .relaxed).newValue
        return "\(root)/\(FolderLayout.incoming)/\(number)\(suffix)"
    }
}
