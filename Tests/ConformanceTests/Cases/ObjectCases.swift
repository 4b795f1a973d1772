import Crypto
import S3Client
import S3Protocol
import Testing

extension ConformanceCase {
    static let objects: [ConformanceCase] = [
        ConformanceCase("an object is read as it was written, with what was said of it") { stage in
            let key = ObjectKey("folder/object")
            let body = Array("some content".utf8)
            try await stage.client.putObject(stage.bucket, key, body: body, headers: description)
            let read = try await stage.client.getObject(stage.bucket, key)
            #expect(read.body == body)
            for head in [read.head, try await stage.client.headObject(stage.bucket, key)] {
                #expect(head.size == body.count)
                #expect(head.etag == md5(body))
                #expect(stored(head) == stored(description))
            }
        },
        ConformanceCase("an object can be empty, and it can be larger than a buffer") { stage in
            for size in [0, 1, 3 << 20] {
                let key = ObjectKey("size-\(size)")
                let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
                try await stage.client.putObject(stage.bucket, key, body: body)
                let read = try await stage.client.getObject(stage.bucket, key)
                #expect(read.body == body, "an object of \(size) bytes")
                #expect(read.head.etag == md5(body))
            }
        },
        ConformanceCase("an object is replaced") { stage in
            let key = ObjectKey("object")
            try await stage.client.putObject(stage.bucket, key, body: Array("one".utf8))
            try await stage.client.putObject(stage.bucket, key, body: Array("another".utf8))
            #expect(String(try await stage.client.getObject(stage.bucket, key).body) == "another")
        },
        ConformanceCase("a range is read, both ends included") { stage in
            let key = ObjectKey("digits")
            try await stage.client.putObject(stage.bucket, key, body: Array("0123456789".utf8))
            for (range, text) in [(0...0, "0"), (3...5, "345"), (8...9, "89"), (8...100, "89"), (0...9, "0123456789")] {
                let read = try await stage.client.getObject(stage.bucket, key, range: range)
                #expect(String(read.body) == text)
                #expect(read.head.size == text.utf8.count)
            }
            await expect("InvalidRange", from: .getObject) {
                _ = try await stage.client.getObject(stage.bucket, key, range: 10...12)
            }
        },
        ConformanceCase("more than the caller takes is an error") { stage in
            let key = ObjectKey("object")
            try await stage.client.putObject(stage.bucket, key, body: [UInt8](repeating: 7, count: 1001))
            let error = await #expect(throws: S3ClientError.self) {
                try await stage.client.getObject(stage.bucket, key, limit: 1000)
            }
            #expect(error?.code == .oversized)
            #expect(try await stage.client.getObject(stage.bucket, key, limit: 1001).body.count == 1001)
        },
        ConformanceCase("an object that is not there is not found") { stage in
            let key = ObjectKey("missing")
            let missingBucket = try Stage.newBucketName()
            await expect("NoSuchKey", from: .headObject) { _ = try await stage.client.headObject(stage.bucket, key) }
            await expect("NoSuchKey", from: .getObject) { _ = try await stage.client.getObject(stage.bucket, key) }
            await expect("NoSuchBucket", from: .getObject) { _ = try await stage.client.getObject(missingBucket, key) }
            guard !stage.quirks.putMakesBucket else {
                try await stage.client.putObject(missingBucket, key, body: [])
                return try await stage.client.headBucket(missingBucket)
            }
            await expect("NoSuchBucket", from: .putObject) {
                try await stage.client.putObject(missingBucket, key, body: [])
            }
        },
        ConformanceCase("a deleted object is gone, and deleting it again is no error") { stage in
            let key = ObjectKey("object")
            try await stage.client.putObject(stage.bucket, key, body: [1])
            try await stage.client.deleteObject(stage.bucket, key)
            await expect("NoSuchKey", from: .headObject) { _ = try await stage.client.headObject(stage.bucket, key) }
            try await stage.client.deleteObject(stage.bucket, key)
        },
        ConformanceCase("a batch of objects is deleted, missing ones included, and no other") { stage in
            let gone = (0..<20).map { ObjectKey("gone &<>\"' \($0)") }
            let kept = ObjectKey("kept")
            for key in gone + [kept] { try await stage.client.putObject(stage.bucket, key, body: [1]) }
            let failures = try await stage.client.deleteObjects(stage.bucket, gone + [ObjectKey("missing")])
            #expect(failures.isEmpty)
            #expect(try await stage.client.listObjects(stage.bucket).map(\.key) == [kept])
        },
    ]

    /// What is said of an object when it is written.
    static let description = [
        S3Request.Header("content-type", "text/x-tests; charset=utf-8"),
        S3Request.Header("x-amz-meta-author", "a b+c%20d"),
        S3Request.Header("x-amz-meta-empty-not", "="),
    ]

    /// Headers in an order of their own.
    static func stored(_ headers: [S3Request.Header]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: headers.map { ($0.name, String($0.value)) })
    }

    /// What a server says of an object that can have been said when it was written.
    static func stored(_ head: ObjectHead) -> [String: String] {
        stored(head.storedHeaders)
    }

    /// The ETag of an object that was written in one piece without encryption (API reference, Object).
    static func md5(_ body: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return Insecure.MD5.hash(data: body).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
