import Foundation
import SystemPackage

/// Opens a folder of objects: makes a new one, or reads what an earlier server left.
enum FolderLayout {
    static let format = "LocalS3.format"
    static let buckets = "buckets"
    static let objects = "objects"
    static let incoming = "incoming"
    static let bucketRecord = "bucket.json"
    /// What the names under `incoming` end in: a file, or a bucket's folder on its way in or out.
    static let incomingSuffix = ".part"
    static let bucketSuffix = ".bucket"

    private static let formatText = "LocalS3 folder, layout 1\n"

    /// A bucket's own file.
    struct BucketRecord: Codable {
        /// Milliseconds since 1970.
        var created: Int64

        func write(to folder: String) throws {
            let path = "\(folder)/\(FolderLayout.bucketRecord)"
            let json = try JSONEncoder().encode(self)
            let file = try OpenFile(writing: path, creating: true)
            try json.withUnsafeBytes { try file.write($0) }
        }
    }

    /// Opens a folder, which may be missing or empty.
    ///
    /// - Throws: `LocalS3Error` with `.foreignFolder` when it holds something else, `.damagedFile` or `.foreignFolder`
    ///   naming the first file that does not belong, `.folderInUse`, or `.storage`.
    static func open(_ root: String) throws -> ObjectStore {
        try createFolder(root)
        let present = try names(in: root)
        let formatPath = "\(root)/\(format)"
        if !present.contains(format) {
            guard present.isEmpty else {
                throw LocalS3Error(
                    code: .foreignFolder,
                    message: "\(root) holds other things (\(present[0])) and was not made by this server; "
                        + "give it an empty folder or a new one"
                )
            }
            let file = try OpenFile(writing: formatPath, creating: true)
            try Array(formatText.utf8).withUnsafeBytes { try file.write($0) }
        }
        let lock = try lockFormat(formatPath)
        let backend = FolderBackend(root: root, format: lock)
        for name in present where ![format, buckets, incoming].contains(name) { throw foreign("\(root)/\(name)") }
        try createFolder("\(root)/\(buckets)")
        try createFolder("\(root)/\(incoming)")
        try clearIncoming("\(root)/\(incoming)")
        let loaded = try names(in: "\(root)/\(buckets)").map { try loadBucket($0, at: "\(root)/\(buckets)/\($0)") }
        return ObjectStore(backend: backend, buckets: loaded)
    }

    /// Makes a folder unless it is there.
    static func createFolder(_ path: String) throws(LocalS3Error) {
        _ = try FileFailure.wrap("make the folder", path) {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
    }

    private static func lockFormat(_ path: String) throws -> FileDescriptor {
        let descriptor = try FileFailure.wrap("open", path) {
            try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        }
        do {
            guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
                throw LocalS3Error(code: .folderInUse, message: "another server has the folder of \(path) open")
            }
            let file = try OpenFile(reading: path)
            let length = try file.size()
            guard length == formatText.utf8.count,
                try file.readAll(at: 0, count: length) == Array(formatText.utf8)
            else {
                throw LocalS3Error(code: .damagedFile, message: "\(path) names another layout than this server's")
            }
            return descriptor
        } catch {
            try? descriptor.close()
            throw error
        }
    }

    private static func names(in folder: String) throws(LocalS3Error) -> [String] {
        try FileFailure.wrap("list", folder) { try FileManager.default.contentsOfDirectory(atPath: folder) }.sorted()
    }

    private static func foreign(_ path: String) -> LocalS3Error {
        LocalS3Error(
            code: .foreignFolder,
            message: "\(path) was not put there by this server; it is left as it is: move it away to go on"
        )
    }

    /// Removes what an earlier server had not finished; nothing refers to it.
    private static func clearIncoming(_ folder: String) throws {
        for name in try names(in: folder) {
            let path = "\(folder)/\(name)"
            let isOurs = [incomingSuffix, bucketSuffix].contains { suffix in
                name.hasSuffix(suffix) && UInt64(name.dropLast(suffix.count)) != nil
            }
            guard isOurs else { throw foreign(path) }
            _ = try FileFailure.wrap("remove", path) { try FileManager.default.removeItem(atPath: path) }
        }
    }

    private static func loadBucket(_ name: String, at path: String) throws -> Bucket {
        let present = try names(in: path)
        guard Bucket.isValidName(name), present == [bucketRecord, objects] else {
            throw foreign(present.first { $0 != bucketRecord && $0 != objects }.map { "\(path)/\($0)" } ?? path)
        }
        let recordPath = "\(path)/\(bucketRecord)"
        let file = try OpenFile(reading: recordPath)
        let json = try file.readAll(at: 0, count: file.size())
        guard let record = try? JSONDecoder().decode(BucketRecord.self, from: Data(json)) else {
            throw LocalS3Error(code: .damagedFile, message: "\(recordPath) is not as this server writes it")
        }
        var entries: [(key: ObjectKey, object: ObjectRecord)] = []
        for folder in try names(in: "\(path)/\(objects)") {
            let folderPath = "\(path)/\(objects)/\(folder)"
            guard folder.utf8.count == 2, ByteText.bytes(hex: folder) != nil else { throw foreign(folderPath) }
            for name in try names(in: folderPath) {
                guard name.utf8.count == 64, name.hasPrefix(folder) else { throw foreign("\(folderPath)/\(name)") }
                entries.append(try ObjectFile.read("\(folderPath)/\(name)", name: name))
            }
        }
        entries.sort { $0.key < $1.key }
        var contents = Bucket.Contents()
        for entry in entries { contents.objects.insert(entry.object, for: entry.key) }
        return Bucket(name: name, created: Timestamp(milliseconds: record.created), contents: contents)
    }
}
