import Crypto
import Foundation

/// The file of one object: its body, then its record, then a trailer of fixed length.
///
/// ```
/// body | record (JSON) | length of the body (8 bytes) | length of the record (8 bytes) | magic (16 bytes)
/// ```
///
/// Both numbers are big-endian. One file, renamed into its place when it is complete, makes every change atomic; the
/// body at its start can be served as it is. The file is named after the SHA-256 digest of the key, so that keys of
/// any bytes and any length have names that every file system takes; the record holds the key itself.
enum ObjectFile {
    private static let magic = Array("LocalS3 object 1".utf8)
    private static let trailerLength = 16 + magic.count
    /// Far above what 10,000 parts with their checksums take.
    private static let largestRecord = 16 << 20

    /// What a file says of its object, beside the body.
    private struct Record: Codable {
        var key: Data
        var entityTag: String
        var lastModified: Int64
        var headers: [ObjectAttributes.Field]
        var metadata: [ObjectAttributes.Field]
        var tags: [ObjectTag]
        var storageClass: String
        var parts: [ObjectContent.Part]
        var checksum: Checksum?
    }

    /// The path of a key's file in its bucket's folder of objects.
    static func name(of key: ObjectKey) -> (folder: String, file: String) {
        let digest = ByteText.hex(SHA256.hash(data: key.bytes))
        return (String(digest.prefix(2)), digest)
    }

    /// What follows an object's body in its file.
    static func ending(_ object: ObjectRecord, key: ObjectKey) throws -> [UInt8] {
        let record = Record(
            key: Data(key.bytes),
            entityTag: object.content.entityTag,
            lastModified: object.lastModified.milliseconds,
            headers: object.attributes.headers,
            metadata: object.attributes.metadata,
            tags: object.tags,
            storageClass: object.storageClass,
            parts: object.content.parts,
            checksum: object.content.checksum
        )
        let json = try JSONEncoder().encode(record)
        return Array(json) + ByteText.bigEndianBytes(UInt64(object.content.size))
            + ByteText.bigEndianBytes(UInt64(json.count)) + magic
    }

    /// Reads a file's record.
    ///
    /// - Throws: `LocalS3Error` with `.damagedFile` when the file is not as `ending` leaves it or is not named after
    ///   its key, and with `.storage` when it can't be read.
    static func read(_ path: String, name: String) throws -> (key: ObjectKey, object: ObjectRecord) {
        let damaged = LocalS3Error(
            code: .damagedFile,
            message: "\(path) is not an object's file as this server writes it; "
                + "it is left as it is: move it out of the folder to go on without it"
        )
        let file = try OpenFile(reading: path)
        let length = try file.size()
        guard length >= trailerLength else { throw damaged }
        let trailer = try file.readAll(at: length - trailerLength, count: trailerLength)
        guard Array(trailer.suffix(magic.count)) == magic,
            let size = Int(exactly: number(trailer[0..<8])),
            let recordLength = Int(exactly: number(trailer[8..<16])),
            size >= 0, (1...largestRecord).contains(recordLength),
            size == length - trailerLength - recordLength
        else { throw damaged }
        let json = try file.readAll(at: size, count: recordLength)
        guard let record = try? JSONDecoder().decode(Record.self, from: Data(json)) else { throw damaged }
        let key = ObjectKey(Array(record.key))
        guard self.name(of: key).file == name else { throw damaged }
        let object = ObjectRecord(
            content: ObjectContent(
                body: .file(FileBody(path: path, isTemporary: false)),
                size: size,
                entityTag: record.entityTag,
                parts: record.parts,
                checksum: record.checksum
            ),
            attributes: ObjectAttributes(headers: record.headers, metadata: record.metadata),
            tags: record.tags,
            storageClass: record.storageClass,
            lastModified: Timestamp(milliseconds: record.lastModified)
        )
        return (key, object)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
