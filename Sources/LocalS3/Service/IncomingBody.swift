import Crypto
import Foundation
import NIOHTTP1

/// Takes a request's body as it arrives and checks it against all that the request says of it.
struct IncomingBody {
    /// A body that has arrived and is what the request said.
    struct Received {
        var body: Body
        /// In bytes, without the frames of `aws-chunked`.
        var size: Int
        /// The digest that is the ETag of a body in one piece; `nil` unless asked for.
        var md5: [UInt8]?
        /// What the client said and was found right, or what the server computed for it.
        var checksum: Checksum?
    }

    private static let emptyDigest = Array(SHA256.hash(data: [UInt8]()))

    private let sink: any BodySink
    private let limit: Int
    private let announced: Int?
    private let expectedDigest: [UInt8]?
    private let expectedMD5: [UInt8]?
    private let checksumAlgorithm: Checksum.Algorithm?
    private let expectedChecksum: String?
    private var decoder: AWSChunkedDecoder?
    private var sha256: SHA256?
    private var md5: Insecure.MD5?
    private var checksum: Checksum.Digest?
    private var size = 0

    /// Reads what the headers say of the body.
    ///
    /// - Parameters:
    ///   - head: what was sent before the body.
    ///   - request: what its signature says of the body.
    ///   - limit: the most bytes that may come.
    ///   - computesMD5: whether the digest is wanted in any case.
    ///   - readsChecksums: whether checksums in the headers are those of the body.
    ///   - defaultChecksum: the checksum to compute when the request names none.
    ///   - makeSink: makes what takes the bytes, of which so many are announced.
    /// - Throws: `EntityTooLarge`, `InvalidDigest`, `InvalidRequest`, `MissingContentLength`.
    init(
        _ head: RequestHead,
        request: VerifiedRequest,
        limit: Int,
        computesMD5: Bool,
        readsChecksums: Bool,
        defaultChecksum: Checksum.Algorithm?,
        makeSink: (Int) throws -> any BodySink
    ) throws {
        self.limit = limit
        switch request.payload {
        case .chunks(let areSigned, let haveTrailer):
            guard let length = head.headers.first(name: "x-amz-decoded-content-length").flatMap({ Int($0) }) else {
                throw S3Error.missingContentLength
            }
            announced = length
            expectedDigest = nil
            decoder = AWSChunkedDecoder(
                areSigned: areSigned,
                haveTrailer: haveTrailer,
                signatures: request.chunkSigning
            )
        case .digest(let digest):
            announced = head.contentLength
            expectedDigest = digest
            sha256 = SHA256()
        case .unsigned:
            announced = head.contentLength
            expectedDigest = nil
        }
        if let announced, announced > limit { throw S3Error.entityTooLarge }
        if let text = head.headers.first(name: "Content-MD5") {
            guard let digest = Data(base64Encoded: text), digest.count == 16 else { throw S3Error.invalidDigest }
            expectedMD5 = Array(digest)
        } else {
            expectedMD5 = nil
        }
        if computesMD5 || expectedMD5 != nil { md5 = Insecure.MD5() }
        let declared = readsChecksums ? try Self.declaredChecksum(head) : nil
        (checksumAlgorithm, expectedChecksum) = declared ?? (defaultChecksum, nil)
        checksum = checksumAlgorithm.map { Checksum.Digest($0) }
        sink = try makeSink(announced ?? 0)
    }

    /// The checksum that the headers, or the trailer that they announce, carry.
    private static func declaredChecksum(
        _ head: RequestHead
    ) throws(S3Error) -> (Checksum.Algorithm?, String?)? {
        let given = Checksum.Algorithm.allCases.compactMap { algorithm in
            head.headers.first(name: algorithm.headerName).map { (algorithm, $0) }
        }
        guard given.count <= 1 else {
            throw .invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
        }
        if let (algorithm, value) = given.first { return (algorithm, value) }
        guard let trailer = head.headers.first(name: "x-amz-trailer") else { return nil }
        guard let algorithm = Checksum.Algorithm(headerName: trailer.lowercased()) else {
            throw .invalidRequest("The value specified in the x-amz-trailer header is not supported")
        }
        return (algorithm, nil)
    }

    /// Takes the next bytes as they were sent.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) throws {
        guard var decoder else { return try take(bytes) }
        self.decoder = nil
        defer { self.decoder = decoder }
        try decoder.receive(bytes) { try take($0) }
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer) throws {
        size += bytes.count
        guard size <= limit else { throw S3Error.entityTooLarge }
        sha256?.update(bufferPointer: bytes)
        md5?.update(bufferPointer: bytes)
        checksum?.update(bytes)
        try sink.append(bytes)
    }

    /// Ends the body.
    ///
    /// - Throws: `IncompleteBody`, `XAmzContentSHA256Mismatch`, `BadDigest`, `InvalidRequest`.
    mutating func finish() throws -> Received {
        try decoder?.finish()
        if let announced, announced != size { throw S3Error.incompleteBody }
        if let expectedDigest {
            let actual = size == 0 ? Self.emptyDigest : sha256.map { Array($0.finalize()) }
            guard actual == expectedDigest else {
                throw S3Error(
                    "XAmzContentSHA256Mismatch",
                    400,
                    "The provided 'x-amz-content-sha256' header does not match what was computed."
                )
            }
        }
        let md5 = md5.map { Array($0.finalize()) }
        if let expectedMD5, md5 != expectedMD5 { throw S3Error.badDigest }
        return Received(body: try sink.finish(), size: size, md5: md5, checksum: try finishedChecksum())
    }

    private func finishedChecksum() throws(S3Error) -> Checksum? {
        guard let checksumAlgorithm, let checksum else { return nil }
        let computed = Data(checksum.finalize()).base64EncodedString()
        let trailing = decoder?.trailers.first { $0.name == checksumAlgorithm.headerName }?.value
        if let decoder, !decoder.trailers.isEmpty, trailing == nil {
            throw .invalidRequest("The trailer does not hold the header that x-amz-trailer named")
        }
        for declared in [expectedChecksum, trailing] {
            if let declared, declared != computed { throw .badChecksum(checksumAlgorithm) }
        }
        return Checksum(algorithm: checksumAlgorithm, kind: .fullObject, value: computed)
    }
}
