import Crypto
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An S3 server within the process, for development, tests and demonstrations.
///
/// It is not made to keep data that matters, nor to be reached by strangers.
///
/// It answers as S3 does, errors included, and checks signatures when it is given credentials. A request that it does
/// not understand in full is answered with NotImplemented, never with success.
public final class LocalS3Server: Sendable {
    private let configuration: LocalS3Configuration
    private let service: S3Service
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let connections: ConnectionRegistry

    /// The port that the server listens on.
    public let port: Int

    private init(
        configuration: LocalS3Configuration,
        service: S3Service,
        group: MultiThreadedEventLoopGroup,
        listener: any Channel,
        connections: ConnectionRegistry
    ) throws(LocalS3Error) {
        guard let port = listener.localAddress?.port else {
            throw LocalS3Error(code: .bind, message: "the listening socket has no port")
        }
        self.configuration = configuration
        self.service = service
        self.group = group
        self.listener = listener
        self.connections = connections
        self.port = port
    }

    /// Starts a server.
    ///
    /// - Throws: `LocalS3Error` when a setting is out of bounds, the folder or the certificate can't be used, or the
    ///   address can't be listened on.
    public static func start(_ configuration: LocalS3Configuration = LocalS3Configuration()) async throws
        -> LocalS3Server
    {
        try configuration.validate()
        let store: ObjectStore =
            switch configuration.storage {
            case .memory: ObjectStore(backend: MemoryBackend())
            case .directory(let path): try FolderLayout.open(path)
            }
        let service = S3Service(
            store: store,
            credentials: configuration.credentials,
            region: configuration.region,
            baseHost: configuration.host,
            faults: configuration.faults,
            clock: SystemClock.now
        )
        let tls = try configuration.tls.map { try ServerTLS.context($0) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoopThreads)
        do {
            let connections = ConnectionRegistry(service: service)
            let listener = try await listen(configuration, service: service, tls: tls, group: group, to: connections)
            return try LocalS3Server(
                configuration: configuration,
                service: service,
                group: group,
                listener: listener,
                connections: connections
            )
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
    }

    private static func listen(
        _ configuration: LocalS3Configuration,
        service: S3Service,
        tls: NIOSSLContext?,
        group: MultiThreadedEventLoopGroup,
        to connections: ConnectionRegistry
    ) async throws -> any Channel {
        let latency = TimeAmount(configuration.latency)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.add(channel)
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(HTTPConnectionHandler(service: service, latency: latency))
                }
            }
        do {
            return try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
        } catch {
            throw ListenFailure.error(for: error, host: configuration.host, port: configuration.port)
        }
    }

    /// What clients take as their endpoint: scheme, host and port.
    public var endpoint: String {
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        return "\(configuration.tls == nil ? "http" : "https")://\(host):\(port)"
    }

    /// Stops listening, closes all connections, whatever they are doing, and ends the server's threads.
    ///
    /// - Throws: what the threads' end throws; calling it twice is an error.
    public func stop() async throws {
        try await listener.close()
        await connections.closeAll()
        try await group.shutdownGracefully()
    }

    /// What the server has seen and done so far.
    public var statistics: Statistics {
        service.statistics.withLock { $0 }
    }

    /// Changes what goes wrong from the next request on; the sequence of faults begins at its seed.
    ///
    /// - Throws: `LocalS3Error` with `.configuration` when a setting is out of its bounds.
    public func setFaults(_ faults: Faults) throws {
        try faults.validate()
        service.faults.withLock { $0.faults = faults }
    }
}

// MARK: Without HTTP

extension LocalS3Server {
    /// Makes a bucket, as CreateBucket does.
    ///
    /// - Throws: `LocalS3Error` with `.invalidBucketName`, `.bucketExists` or `.storage`.
    public func createBucket(_ name: String) throws {
        try translatingErrors(on: name) { try service.store.createBucket(name, at: service.now()) }
    }

    /// Puts an object into a bucket, as PutObject does.
    ///
    /// - Parameters:
    ///   - bucket: a bucket that exists.
    ///   - key: 1 to 1024 bytes of UTF-8, taken as they are.
    ///   - body: at most the storage's bound on one request.
    ///   - contentType: S3's default when left out.
    ///   - metadata: user metadata, names without `x-amz-meta-`.
    /// - Throws: `LocalS3Error` with `.noSuchBucket`, `.invalidKey`, `.tooLarge` or `.storage`.
    public func put(
        bucket: String,
        key: [UInt8],
        body: [UInt8],
        contentType: String = "binary/octet-stream",
        metadata: [String: String] = [:]
    ) throws {
        let store = service.store
        guard !key.isEmpty else { throw LocalS3Error(code: .invalidKey, message: "the key is empty") }
        guard body.count <= store.backend.largestRequestBody else {
            throw LocalS3Error(
                code: .tooLarge,
                message: "the body has \(body.count) bytes, above \(store.backend.largestRequestBody)"
            )
        }
        try translatingErrors(on: bucket) {
            let target = try store.bucket(bucket)
            let sink = try store.backend.makeSink(expected: body.count)
            try body.withUnsafeBytes { try sink.append($0) }
            let content = ObjectContent(
                body: try sink.finish(),
                size: body.count,
                entityTag: ByteText.hex(Insecure.MD5.hash(data: body))
            )
            let attributes = ObjectAttributes(
                headers: [.init(name: "Content-Type", value: contentType)],
                metadata: metadata.sorted { $0.key < $1.key }.map { .init(name: $0.key.lowercased(), value: $0.value) }
            )
            let record = ObjectRecord(
                content: content,
                attributes: attributes,
                tags: [],
                storageClass: "STANDARD",
                lastModified: Timestamp(milliseconds: service.now().seconds * 1000)
            )
            try store.put(record, for: ObjectKey(validating: key), in: target)
        }
    }

    /// All objects of a bucket, in the order of the keys' bytes.
    ///
    /// - Throws: `LocalS3Error` with `.noSuchBucket`.
    public func objects(in bucket: String) throws -> [StoredObject] {
        try translatingErrors(on: bucket) {
            let bucket = try service.store.bucket(bucket)
            return bucket.contents.withLock { contents in
                var result: [StoredObject] = []
                result.reserveCapacity(contents.objects.count)
                var position = contents.objects.position(of: .start)
                while let current = position {
                    let (key, record) = contents.objects[current]
                    result.append(StoredObject(key: key, record: record))
                    position = contents.objects.position(after: current)
                }
                return result
            }
        }
    }

    private func translatingErrors<Result>(on bucket: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as S3Error {
            throw switch error.code {
            case "NoSuchBucket":
                LocalS3Error(code: .noSuchBucket, message: "there is no bucket '\(bucket)'")
            case "InvalidBucketName":
                LocalS3Error(
                    code: .invalidBucketName,
                    message: "'\(bucket)' is not a valid bucket name: it takes 3 to 63 lowercase letters, digits, "
                        + "hyphens and dots, and begins and ends with a letter or a digit"
                )
            case "BucketAlreadyOwnedByYou":
                LocalS3Error(code: .bucketExists, message: "there is a bucket '\(bucket)' already")
            default:
                LocalS3Error(code: .invalidKey, message: error.message)
            }
        }
    }
}

extension StoredObject {
    fileprivate init(key: ObjectKey, record: ObjectRecord) {
        self.init(
            key: key.bytes,
            size: record.content.size,
            etag: record.content.entityTag,
            metadata: Dictionary(record.attributes.metadata.map { ($0.name, $0.value) }) { $1 },
            contentType: record.attributes.headers.first { $0.name == "Content-Type" }?.value
                ?? ObjectAttributes.defaultContentType
        )
    }
}
