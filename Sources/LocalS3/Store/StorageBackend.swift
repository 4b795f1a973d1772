/// Where bodies and records are kept.
///
/// The index of a bucket's keys is in memory in every case.
///
/// Calls for one bucket that change an object come one at a time.
protocol StorageBackend: Sendable {
    /// The largest body that one request may carry, in bytes.
    var largestRequestBody: Int { get }

    /// Begins a body of a size announced, which is a hint only.
    func makeSink(expected: Int) throws -> any BodySink

    /// A body that holds what a reader of another has left, and may become an object of its own.
    func duplicate(_ reader: BodyReader) throws -> Body

    /// A body that holds parts one after the other.
    func join(_ parts: [(body: Body, size: Int)]) throws -> Body

    /// Keeps an object; returns the record to put into the index, whose body is in its final place.
    func keep(_ record: ObjectRecord, key: ObjectKey, bucket: String) throws -> ObjectRecord

    /// Forgets an object.
    func remove(key: ObjectKey, bucket: String) throws

    func createBucket(_ name: String, created: Timestamp) throws
    func removeBucket(_ name: String) throws
}
