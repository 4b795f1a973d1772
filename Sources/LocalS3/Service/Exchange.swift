import NIOHTTP1

/// One request and its answer: the head, the body in pieces, the end.
struct Exchange {
    /// The largest document of a request, in bytes: 10,000 parts with two checksums each take less.
    static let largestDocument = 4 << 20

    private enum State {
        case refused(S3Error)
        case admitted(Operation, RequestTarget, IncomingBody)
    }

    private let service: S3Service
    private let head: RequestHead
    private let requestID: String
    private let now: Timestamp
    private let fault: FaultInjector.Fault?
    private var state: State

    /// Begins with a request's head: checks the signature and what can be told without the body.
    init(_ head: RequestHead, service: S3Service) {
        self.service = service
        self.head = head
        requestID = service.nextRequestID()
        now = service.now()
        var operation: Operation?
        var key: ObjectKey?
        do {
            let target = try RequestTarget(head, baseHost: service.baseHost)
            let request = try service.verifier.verify(head, target: target, now: now)
            let meant = try Operation(head, target: target)
            key = target.key
            operation = meant
            let body = try Self.incomingBody(head, target: target, operation: meant, request: request, service: service)
            state = .admitted(meant, target, body)
        } catch {
            state = .refused(Self.answer(for: error))
        }
        fault = service.admit(operation, key: key)
        switch fault {
        case .internalError: state = .refused(.internalError)
        case .slowDown: state = .refused(.slowDown)
        case .expired: state = .refused(.expiredToken)
        default: break
        }
    }

    /// Whether the request has failed already, so that its body need not be sent.
    var isRefused: Bool {
        if case .refused = state { true } else { false }
    }

    /// Takes the next bytes of the body.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        guard case .admitted(let operation, let target, var body) = state, !bytes.isEmpty else { return }
        state = .refused(.internalError)
        do {
            try body.receive(bytes)
            state = .admitted(operation, target, body)
        } catch {
            state = .refused(Self.answer(for: error))
        }
    }

    /// Ends the request, carries it out, and answers.
    mutating func finish() -> Response {
        var response: Response
        switch fault {
        case .resetBefore: response = Response()
        case .errorInBody:
            response = Response(
                document: Response.document(.internalError, resource: resource, requestID: requestID)
            )
        default: response = perform()
        }
        switch fault {
        case .resetBefore, .resetAfter: response.interruption = .reset
        case .connectionClosedInPage: response.interruption = .close(afterBytes: response.contentLength / 2)
        case .incompletePage:
            if case .bytes(let bytes) = response.content {
                let half = Array(bytes.prefix(bytes.count / 2))
                response.content = .bytes(half)
                response.contentLength = half.count
            }
        default: break
        }
        if head.method == "HEAD" { response.content = .none }
        response.delay = service.nextDelay()
        response.headers.add(name: "x-amz-request-id", value: requestID)
        response.headers.add(name: "x-amz-id-2", value: S3Service.hostID)
        response.headers.add(name: "Date", value: now.http)
        response.headers.add(name: "Server", value: "LocalS3")
        return response
    }

    private mutating func perform() -> Response {
        do {
            switch state {
            case .refused(let error): throw error
            case .admitted(let operation, let target, var body):
                let received = try body.finish()
                let call = Call(head, target: target, now: now, requestID: requestID, received: received)
                return try service.perform(operation, call)
            }
        } catch {
            var response = Response(Self.answer(for: error), resource: resource, requestID: requestID)
            if head.method == "HEAD" { response.contentLength = 0 }
            return response
        }
    }

    private var resource: String {
        String(head.target.prefix { $0 != "?" })
    }

    /// What a failure looks like to the client.
    ///
    /// The storage's own names the file: the server is for development.
    private static func answer(for error: any Error) -> S3Error {
        switch error {
        case let error as S3Error: error
        case let error as LocalS3Error: S3Error("InternalError", 500, "The storage failed: \(error.message)")
        default: .internalError
        }
    }

    private static func incomingBody(
        _ head: RequestHead,
        target: RequestTarget,
        operation: Operation,
        request: VerifiedRequest,
        service: S3Service
    ) throws -> IncomingBody {
        guard operation.bodyUse == .content else {
            return try IncomingBody(
                head,
                request: request,
                limit: operation.bodyUse == .document ? largestDocument : 0,
                computesMD5: false,
                // On CompleteMultipartUpload these headers are about the object.
                readsChecksums: operation != .completeMultipartUpload,
                defaultChecksum: nil
            ) { MemorySink(expected: $0) }
        }
        // The chunks of `aws-chunked` say on their own how much data there is, and may come in those of HTTP.
        guard head.contentLength != nil || request.payload.isChunked else { throw S3Error.missingContentLength }
        let bucket = try service.store.bucket(target.bucket ?? "")
        var defaultChecksum: Checksum.Algorithm?
        if operation == .uploadPart {
            defaultChecksum = try service.upload(target, in: bucket).checksumAlgorithm
        }
        return try IncomingBody(
            head,
            request: request,
            limit: service.store.backend.largestRequestBody,
            computesMD5: true,
            readsChecksums: true,
            defaultChecksum: defaultChecksum,
            makeSink: service.store.backend.makeSink
        )
    }
}
