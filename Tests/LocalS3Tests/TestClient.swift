import NIOHTTP1

@testable import LocalS3

/// Talks to the server's core without sockets.
struct TestClient {
    /// An answer with its content read.
    struct Answer {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        /// The text of the first element of a name.
        func element(_ name: String) -> String? { elements(name).first }

        /// The texts of all elements of a name, in order, as they are in the document.
        func elements(_ name: String) -> [String] {
            text.split(separator: "<\(name)>").dropFirst().map { String($0.split(separator: "</\(name)>").first ?? "") }
        }
    }

    /// 2023-11-14T22:13:20Z.
    static let time = Timestamp(milliseconds: 1_700_000_000_000)

    let service: S3Service

    init(faults: Faults = Faults(), store: ObjectStore = ObjectStore(backend: MemoryBackend())) throws {
        service = S3Service(store: store, faults: faults) { Self.time }
        for bucket in ["one", "two"] where !store.allBuckets().map(\.name).contains(bucket) {
            try store.createBucket(bucket, at: Self.time)
        }
    }

    @discardableResult
    func send(
        _ method: String,
        _ target: String,
        _ headers: HTTPHeaders = [:],
        body: [UInt8] = []
    ) throws -> Answer {
        var headers = headers
        if !headers.contains(name: "Content-Length"), !headers.contains(name: "Transfer-Encoding") {
            headers.add(name: "Content-Length", value: String(body.count))
        }
        let response = service.respond(
            to: RequestHead(method: method, target: target, headers: headers),
            body: body
        )
        var bytes: [UInt8] = []
        switch response.content {
        case .none: break
        case .bytes(let content): bytes = content
        case .stored(var reader): while let piece = try reader.next(upTo: 7) { bytes += piece }
        }
        return Answer(status: response.status, headers: response.headers, body: bytes)
    }

    @discardableResult
    func send(_ method: String, _ target: String, _ headers: HTTPHeaders = [:], text: String) throws -> Answer {
        try send(method, target, headers, body: Array(text.utf8))
    }

    /// Puts objects whose bodies are their own keys.
    func put(_ keys: String..., bucket: String = "one") throws {
        for key in keys {
            var target = Array("/\(bucket)/".utf8)
            PercentCoding.appendCanonical(key.utf8, keepingSlash: true, to: &target)
            let answer = try send("PUT", String(decoding: target, as: UTF8.self), text: key)
            precondition(answer.status == 200, answer.text)
        }
    }

    /// Lists keys and, after them, common prefixes.
    func list(_ query: String, bucket: String = "one") throws -> Answer {
        try send("GET", "/\(bucket)?list-type=2&\(query)")
    }
}
