import Synchronization

/// All buckets.
///
/// Each has a lock of its own, held for a moment and never together with another's.
final class ObjectStore: Sendable {
    let backend: any StorageBackend
    private let buckets: Mutex<[String: Bucket]>

    init(backend: any StorageBackend, buckets: [Bucket] = []) {
        self.backend = backend
        self.buckets = Mutex(Dictionary(uniqueKeysWithValues: buckets.map { ($0.name, $0) }))
    }

    // MARK: Buckets

    /// In the order of their names.
    func allBuckets() -> [Bucket] {
        buckets.withLock { Array($0.values) }.sorted { $0.name < $1.name }
    }

    /// - Throws: `InvalidBucketName` or `NoSuchBucket`.
    func bucket(_ name: String) throws(S3Error) -> Bucket {
        if let bucket = buckets.withLock({ $0[name] }) { return bucket }
        throw Bucket.isValidName(name) ? .noSuchBucket(name) : .invalidBucketName(name)
    }

    /// - Throws: `InvalidBucketName`, `BucketAlreadyOwnedByYou`, or what the storage throws.
    func createBucket(_ name: String, at time: Timestamp) throws {
        guard Bucket.isValidName(name) else { throw S3Error.invalidBucketName(name) }
        try buckets.withLock { buckets in
            guard buckets[name] == nil else { throw S3Error.bucketAlreadyOwnedByYou(name) }
            try backend.createBucket(name, created: time)
            buckets[name] = Bucket(name: name, created: time)
        }
    }

    /// - Throws: `NoSuchBucket`, `BucketNotEmpty`, or what the storage throws.
    func deleteBucket(_ name: String) throws {
        let bucket = try bucket(name)
        try bucket.contents.withLock { contents in
            guard !contents.isDeleted else { throw S3Error.noSuchBucket(name) }
            guard contents.objects.isEmpty else { throw S3Error.bucketNotEmpty(name) }
            try backend.removeBucket(name)
            contents.isDeleted = true
            contents.uploads = [:]
        }
        buckets.withLock { buckets in
            if buckets[name] === bucket { buckets[name] = nil }
        }
    }

    // MARK: Objects

    func object(_ key: ObjectKey, in bucket: Bucket) -> ObjectRecord? {
        bucket.contents.withLock { $0.objects[key] }
    }

    /// An object and a reader of its bytes, from the same moment.
    ///
    /// `select` chooses the range once the object is known; `nil` opens nothing.
    ///
    /// - Returns: the object, and the reader where a range was chosen.
    /// - Throws: `NoSuchKey`, what `select` throws, or what the storage throws.
    func open(
        _ key: ObjectKey,
        in bucket: Bucket,
        select: (ObjectRecord) throws -> Range<Int>?
    ) throws -> (record: ObjectRecord, reader: BodyReader?) {
        try bucket.contents.withLock { contents throws -> (ObjectRecord, BodyReader?) in
            guard let record = contents.objects[key] else { throw S3Error.noSuchKey(key) }
            guard let range = try select(record) else { return (record, nil) }
            return (record, try BodyReader(record.content.body, range: range))
        }
    }

    /// Puts an object into the index in one step.
    ///
    /// The upload in parts that the object completes, if any, ends with it. `condition` throws when the object that is
    /// there, if any, must not be replaced.
    ///
    /// - Throws: `NoSuchBucket`, `NoSuchUpload`, what `condition` throws, or what the storage throws.
    func put(
        _ record: ObjectRecord,
        for key: ObjectKey,
        in bucket: Bucket,
        completing uploadID: String? = nil,
        condition: (ObjectRecord?) throws -> Void = { _ in }
    ) throws {
        try bucket.contents.withLock { contents in
            guard !contents.isDeleted else { throw S3Error.noSuchBucket(bucket.name) }
            if let uploadID, contents.uploads[uploadID] == nil { throw S3Error.noSuchUpload(uploadID) }
            try condition(contents.objects[key])
            contents.objects.insert(try backend.keep(record, key: key, bucket: bucket.name), for: key)
            if let uploadID { contents.uploads[uploadID] = nil }
        }
    }

    /// Changes what is kept with an object, not its bytes.
    ///
    /// - Throws: `NoSuchKey`, or what the storage throws.
    func update(_ key: ObjectKey, in bucket: Bucket, change: (ObjectRecord) -> ObjectRecord) throws {
        try bucket.contents.withLock { contents in
            guard let record = contents.objects[key] else { throw S3Error.noSuchKey(key) }
            contents.objects.insert(
                try backend.keep(change(record), key: key, bucket: bucket.name),
                for: key
            )
        }
    }

    /// Removes an object; that there is none is not an error.
    func remove(
        _ key: ObjectKey,
        in bucket: Bucket,
        condition: (ObjectRecord?) throws -> Void = { _ in }
    ) throws {
        try bucket.contents.withLock { contents in
            let record = contents.objects[key]
            try condition(record)
            guard record != nil else { return }
            try backend.remove(key: key, bucket: bucket.name)
            contents.objects.remove(key)
        }
    }

    // MARK: Uploads in parts

    func begin(_ upload: MultipartUpload, in bucket: Bucket) throws(S3Error) {
        let isDeleted = bucket.contents.withLock { contents in
            if !contents.isDeleted { contents.uploads[upload.id] = upload }
            return contents.isDeleted
        }
        if isDeleted { throw .noSuchBucket(bucket.name) }
    }

    /// - Throws: `NoSuchUpload` also when the upload is of another key.
    func upload(_ id: String, of key: ObjectKey, in bucket: Bucket) throws(S3Error) -> MultipartUpload {
        guard let upload = bucket.contents.withLock({ $0.uploads[id] }), upload.key == key else {
            throw .noSuchUpload(id)
        }
        return upload
    }

    func add(_ part: MultipartUpload.Part, number: Int, to id: String, in bucket: Bucket) throws(S3Error) {
        let found = bucket.contents.withLock { contents in
            contents.uploads[id]?.parts.updateValue(part, forKey: number)
            return contents.uploads[id] != nil
        }
        guard found else { throw .noSuchUpload(id) }
    }

    func abort(_ id: String, in bucket: Bucket) {
        bucket.contents.withLock { $0.uploads[id] = nil }
    }
}
