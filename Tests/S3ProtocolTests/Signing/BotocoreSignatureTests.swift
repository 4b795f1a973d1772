import TestSupport
import Testing

@testable import S3Protocol

/// Compares the signatures of random requests with botocore's.
@Suite("Signatures agree with botocore", .enabled(if: SignatureWitness.isAvailable, "needs a Python with botocore"))
struct BotocoreSignatureTests {
    private struct Case {
        var request: S3Request
        var target: RequestTarget
        var credentials: Credentials
        var time: UTCTime
    }

    @Test("random keys, queries, headers, tokens and regions", arguments: [UInt64(1), 2, 3])
    func agree(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let cases = try (0..<300).map { _ in try randomCase(&random) }
        // One encoder for all, so that what it remembers from one request to the next is tried too.
        var encoder = RequestEncoder(userAgent: "test/1")
        let written = cases.map { item in
            WrittenRequest(
                item.request,
                to: item.target,
                credentials: item.credentials,
                at: item.time,
                with: &encoder
            )
        }
        let answers = try SignatureWitness.ask(zip(cases, written).map(question))
        #expect(answers.count == cases.count)
        for (index, (ours, theirs)) in zip(written, answers).enumerated() {
            #expect(theirs.error == nil, "seed \(seed), case \(index)")
            #expect(
                ours.field("authorization") == theirs.authorization,
                "seed \(seed), case \(index): \(ours.line)\n\(theirs.canonicalRequest ?? "")"
            )
        }
        #expect(Set(written.compactMap(\.signature)).count == cases.count, "no two requests are signed alike")
    }

    @Test("every byte that a key can hold")
    func everyCharacter() throws {
        // All characters of one and two bytes but zero, and a sample of those of three and four.
        let samples = [
            Array(UInt32(0x01)...0x7F), Array(0x80...0x7FF), Array(stride(from: 0x800, through: 0x10_FFFF, by: 0x3FF)),
        ]
        let keys = samples.map { $0.compactMap(Unicode.Scalar.init) }
        let target = RequestTarget(endpoint: .amazon(region: "us-east-1"), addressing: .path, region: "us-east-1")
        let bucket = try BucketName("bucket")
        var encoder = RequestEncoder(userAgent: "test/1")
        let cases = keys.map { scalars in
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            let key = ObjectKey(String(text))
            return Case(
                request: .copyObject(from: bucket, key, to: bucket, key),
                target: target,
                credentials: Credentials(accessKeyID: "ID", secretAccessKey: "secret"),
                time: UTCTime(secondsSinceEpoch: 1_369_353_600)
            )
        }
        let seen = Set(cases.flatMap { $0.request.key?.bytes ?? [] })
        let possible = Set((UInt8(1)...0xF4)).subtracting([0xC0, 0xC1])
        #expect(seen == possible, "every byte of UTF-8 has to come up")
        let written = cases.map {
            WrittenRequest($0.request, to: $0.target, credentials: $0.credentials, at: $0.time, with: &encoder)
        }
        let answers = try SignatureWitness.ask(zip(cases, written).map(question))
        #expect(answers.map(\.authorization) == written.map { $0.field("authorization") })
    }

    @Test("the comparison notices a difference")
    func noticesDifference() throws {
        var random = SeededGenerator(seed: 4)
        let item = try randomCase(&random)
        var encoder = RequestEncoder(userAgent: "test/1")
        let written = WrittenRequest(
            item.request,
            to: item.target,
            credentials: item.credentials,
            at: item.time,
            with: &encoder
        )
        var asked = question(about: item, written)
        asked.path += "00"
        let answer = try #require(try SignatureWitness.ask([asked]).first)
        #expect(answer.authorization != nil)
        #expect(answer.authorization != written.field("authorization"))
    }

    // MARK: Parts

    private func question(about item: Case, _ written: WrittenRequest) -> SignatureWitness.Question {
        let bucket = item.request.bucket.map { item.target.addressing == .path ? "/\($0)" : "" } ?? ""
        var path = Array("\(item.target.endpoint.basePath)\(bucket)".utf8)
        if let key = item.request.key { path += [UInt8(ascii: "/")] + key.bytes }
        if path.isEmpty { path = [UInt8(ascii: "/")] }
        return SignatureWitness.Question(
            method: item.request.method.rawValue,
            path: hexadecimal(path),
            query: item.request.query.map { [hexadecimal(Array($0.name.utf8)), hexadecimal(Array($0.value))] },
            headers: [["Host", written.field("host") ?? ""]]
                + item.request.headers.map { [$0.name, String(decoding: $0.value, as: UTF8.self)] },
            payloadHash: written.field("x-amz-content-sha256") ?? "",
            accessKey: item.credentials.accessKeyID,
            secretKey: item.credentials.secretAccessKey,
            sessionToken: item.credentials.sessionToken ?? "",
            region: item.target.region,
            date: String(decoding: item.time.basicFormat, as: UTF8.self)
        )
    }

    private func question(_ pair: (Case, WrittenRequest)) -> SignatureWitness.Question {
        question(about: pair.0, pair.1)
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        var digits: [UInt8] = []
        digits.appendHexadecimal(bytes)
        return String(decoding: digits, as: UTF8.self)
    }

    private func randomCase(_ random: inout SeededGenerator) throws -> Case {
        let pieces = [
            "/", "//", ".", "..", "/../", "/./", " ", "  ", "+", "%", "%2F", "%20", "~", "a", "Z", "0", "-", "_", "&",
            "=", "?", "#", ":", "\u{1}", "\t", "\n", "\u{7F}", "\u{E9}", "e\u{301}", "\u{4E2D}", "\u{1F600}", "\\",
            "\"",
        ]
        let values = ["a", "B", "7", " ", "  ", "\t", "/", "=", ";", ",", "\"", "x y"]
        var query: [S3Request.QueryItem] = []
        for name in [
            "prefix", "start-after", "delimiter", "list-type", "uploads", "partNumber", "x-id", "Z", "a.b", "_", "~",
        ]
        where random.chance(oneIn: 4) {
            query.append(S3Request.QueryItem(name, random.text(0...6, of: pieces)))
        }
        query.shuffle(using: &random)
        var headers: [S3Request.Header] = []
        for name in [
            "x-amz-meta-a", "x-amz-meta-a-b", "x-amz-meta-a0", "x-amz-acl", "content-type", "range", "if-match",
            "cache-control",
        ]
        where random.chance(oneIn: 3) {
            headers.append(S3Request.Header(name, random.text(0...8, of: values)))
        }
        headers.shuffle(using: &random)
        let bucket: BucketName? =
            random.chance(oneIn: 10) ? nil : try BucketName(random.pick(["bucket", "a.b-c", "Old_1"]))
        return Case(
            request: S3Request(
                .putObject,
                method: random.pick([.get, .head, .put, .post, .delete]),
                bucket: bucket,
                key: bucket == nil || random.chance(oneIn: 6) ? nil : ObjectKey(random.text(1...20, of: pieces)),
                query: query,
                headers: headers,
                payload: random.pick([.none, .signed(Array("content".utf8)), .signed([]), .unsigned([0, 255])])
            ),
            target: RequestTarget(
                endpoint: try Endpoint(
                    url: random.pick([
                        "https://s3.example.com", "http://127.0.0.1:9000", "http://host:80/s3", "https://[::1]:8333",
                    ])
                ),
                addressing: random.pick([.path, .virtualHost]),
                region: random.pick(["us-east-1", "eu-central-1", "auto", "x"])
            ),
            credentials: Credentials(
                accessKeyID: random.pick(["AKIDEXAMPLE", "minio"]),
                secretAccessKey: random.pick(["wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "s", "minio123"]),
                sessionToken: random.chance(oneIn: 3) ? random.text(1...30, of: ["a", "Q", "+", "/", "="]) : nil
            ),
            time: UTCTime(secondsSinceEpoch: random.number(0...4_102_444_799))
        )
    }
}
