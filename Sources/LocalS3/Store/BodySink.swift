/// Takes a body as it arrives.
///
/// A sink that is dropped before `finish` leaves nothing behind.
protocol BodySink: AnyObject {
    /// - Throws: `LocalS3Error` with `.storage` when the bytes can't be kept.
    func append(_ bytes: UnsafeRawBufferPointer) throws
    /// The body, once all of it is there.
    func finish() throws -> Body
}
