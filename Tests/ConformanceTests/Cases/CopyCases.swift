import S3Client
import S3Protocol
import Testing

extension ConformanceCase {
    static let copies: [ConformanceCase] = [
        ConformanceCase("a copy has the content, the type and the metadata of its source") { stage in
            let (source, target) = (ObjectKey("source & more"), ObjectKey("copies/target+1"))
            let body = Array("content to copy".utf8)
            try await stage.client.putObject(stage.bucket, source, body: body, headers: description)
            let other = try await stage.makeBucket()
            for bucket in [stage.bucket, other] {
                let result = try await stage.client.copyObject(from: stage.bucket, source, to: bucket, target)
                #expect(result.etag == md5(body))
                let copy = try await stage.client.getObject(bucket, target)
                #expect(copy.body == body)
                stage.expectCopied(copy.head, from: try await stage.client.headObject(stage.bucket, source))
            }
        },
        ConformanceCase("a copy replaces what is there") { stage in
            try await stage.client.putObject(
                stage.bucket,
                ObjectKey("new"),
                body: Array("new".utf8),
                headers: description
            )
            try await stage.client.putObject(stage.bucket, ObjectKey("old"), body: Array("older".utf8))
            _ = try await stage.client.copyObject(
                from: stage.bucket,
                ObjectKey("new"),
                to: stage.bucket,
                ObjectKey("old")
            )
            let read = try await stage.client.getObject(stage.bucket, ObjectKey("old"))
            #expect(String(read.body) == "new")
            stage.expectCopied(read.head, from: try await stage.client.headObject(stage.bucket, ObjectKey("new")))
        },
        ConformanceCase("a copy of nothing fails, and leaves nothing") { stage in
            let (missing, target) = (ObjectKey("missing"), ObjectKey("target"))
            await expect("NoSuchKey", from: .copyObject) {
                _ = try await stage.client.copyObject(from: stage.bucket, missing, to: stage.bucket, target)
            }
            await expect("NoSuchKey", from: .headObject) { _ = try await stage.client.headObject(stage.bucket, target) }
        },
        ConformanceCase("a copy from or to no bucket fails") { stage in
            let key = ObjectKey("object")
            try await stage.client.putObject(stage.bucket, key, body: [1])
            let missing = try Stage.newBucketName()
            await expect("NoSuchBucket", from: .copyObject) {
                _ = try await stage.client.copyObject(from: missing, key, to: stage.bucket, ObjectKey("target"))
            }
            await expect(stage.quirks.copyToMissingBucket, from: .copyObject) {
                _ = try await stage.client.copyObject(from: stage.bucket, key, to: missing, key)
            }
        },
        ConformanceCase("a copy on condition of an ETag is made only of that content") { stage in
            let (source, target) = (ObjectKey("source"), ObjectKey("target"))
            try await stage.client.putObject(stage.bucket, source, body: Array("content".utf8))
            let copyIfEmpty = {
                _ = try await stage.client.copyObject(
                    from: stage.bucket,
                    source,
                    to: stage.bucket,
                    target,
                    ifSourceMatches: md5([])[...]
                )
            }
            guard !stage.quirks.ignoresCopyConditions else { return try await copyIfEmpty() }
            await expect("PreconditionFailed", from: .copyObject) { try await copyIfEmpty() }
            await expect("NoSuchKey", from: .headObject) { _ = try await stage.client.headObject(stage.bucket, target) }
            let etag = md5(Array("content".utf8))[...]
            _ = try await stage.client.copyObject(
                from: stage.bucket,
                source,
                to: stage.bucket,
                target,
                ifSourceMatches: etag
            )
            #expect(try await stage.client.headObject(stage.bucket, target).size == 7)
        },
    ]
}
