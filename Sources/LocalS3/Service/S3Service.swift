import NIOHTTP1
import Synchronization

/// S3's behaviour without its sockets: requests go in as values, answers come out as values.
///
/// What each operation does is in the extensions of this type, in the folder of its subject.
final class S3Service: Sendable {
    /// What `HostId` and `x-amz-id-2` say.
    static let hostID = "LocalS3"
    /// The one owner of all buckets.
    static let ownerID = "locals3"
    /// The largest source of a copy in one request, in bytes (S3 API reference, CopyObject): 5 GiB.
    static let largestCopy = 5 << 30

    let store: ObjectStore
    let region: String
    let baseHost: String
    let verifier: SignatureVerifier
    let faults: Mutex<FaultInjector>
    let statistics = Mutex(Statistics())
    private let rate = Mutex(RequestRate())
    private let clock: @Sendable () -> Timestamp
    private let requestNumber = Atomic<UInt64>(0)

    /// Creates the service; `clock` tells the true time, before the offset that the faults may set.
    init(
        store: ObjectStore,
        credentials: [String: String] = [:],
        region: String = "us-east-1",
        baseHost: String = "127.0.0.1",
        faults: Faults = Faults(),
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.region = region
        self.baseHost = baseHost
        self.clock = clock
        self.faults = Mutex(FaultInjector(faults))
        verifier = SignatureVerifier(credentials: credentials, region: region)
    }

    /// The time by the server's clock.
    func now() -> Timestamp {
        let offset = faults.withLock { $0.faults.clockOffset }.components
        let milliseconds = offset.seconds * 1000 + offset.attoseconds / 1_000_000_000_000_000
        return Timestamp(milliseconds: clock().milliseconds + milliseconds)
    }

    /// Sixteen digits that no other request of this server has.
    func nextRequestID() -> String {
        let number = requestNumber.add(1, ordering: .relaxed).newValue
        var digits: [UInt8] = []
        digits.reserveCapacity(16)
        for shift in stride(from: 60, through: 0, by: -4) {
            digits.append(ByteText.uppercaseHexDigits[Int(number >> UInt64(shift) & 15)])
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Answers a request whose body is all there.
    func respond(to head: RequestHead, body: [UInt8] = []) -> Response {
        var exchange = Exchange(head, service: self)
        body.withUnsafeBytes { exchange.receive($0) }
        return exchange.finish()
    }

    /// Decides whether the next request goes wrong, and counts it.
    func admit(_ operation: Operation?, key: ObjectKey? = nil) -> FaultInjector.Fault? {
        let fault = faults.withLock { $0.next(for: operation, key: key, now: clock()) }
        let highest = rate.withLock { rate in
            rate.note(.now)
            return rate.highest
        }
        statistics.withLock { statistics in
            statistics.highestRequestsInASecond = max(statistics.highestRequestsInASecond, highest)
            statistics.requests[operation?.rawValue ?? "Unknown", default: 0] += 1
            if let fault { statistics.faults[fault.rawValue, default: 0] += 1 }
        }
        return fault
    }

    /// - Throws: What the faults say that reading the object is refused with.
    func checkReadable(_ key: ObjectKey) throws(S3Error) {
        guard let code = currentFaults.refusal(of: key.bytes) else { return }
        count("denied")
        throw Refusal(code: code, share: 1).error
    }

    /// What is to go wrong at the moment.
    var currentFaults: Faults { faults.withLock { $0.faults } }

    /// Counts a fault.
    func count(_ fault: String) {
        statistics.withLock { $0.faults[fault, default: 0] += 1 }
    }

    /// How long an answer is held back, beside the latency.
    func nextDelay() -> Duration {
        let delay = faults.withLock { $0.nextDelay() }
        if delay > .zero { count("delay") }
        return delay
    }

    /// Carries out an operation.
    func perform(_ operation: Operation, _ call: Call) throws -> Response {
        switch operation {
        case .listBuckets: listBuckets()
        case .createBucket: try createBucket(call)
        case .headBucket: try headBucket(call)
        case .deleteBucket: try deleteBucket(call)
        case .getBucketLocation: try getBucketLocation(call)
        case .listObjects: try listObjects(call)
        case .listObjectsV2: try listObjectsV2(call)
        case .listMultipartUploads: try listMultipartUploads(call)
        case .deleteObjects: try deleteObjects(call)
        case .putObject: try putObject(call)
        case .getObject: try getObject(call)
        case .headObject: try getObject(call)
        case .deleteObject: try deleteObject(call)
        case .copyObject: try copyObject(call)
        case .getObjectTagging: try getObjectTagging(call)
        case .putObjectTagging: try putObjectTagging(call)
        case .deleteObjectTagging: try deleteObjectTagging(call)
        case .createMultipartUpload: try createMultipartUpload(call)
        case .uploadPart: try uploadPart(call)
        case .uploadPartCopy: try uploadPartCopy(call)
        case .completeMultipartUpload: try completeMultipartUpload(call)
        case .abortMultipartUpload: try abortMultipartUpload(call)
        case .listParts: try listParts(call)
        }
    }
}
