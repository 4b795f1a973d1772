import S3Client
import S3Protocol
import Testing

extension ConformanceCase {
    static let buckets: [ConformanceCase] = [
        ConformanceCase("a bucket that was made is there, and listed") { stage in
            try await stage.client.headBucket(stage.bucket)
            let names = try await stage.client.listBuckets()
            #expect(names.contains(stage.bucket.description))
        },
        ConformanceCase("a bucket that was not made is not there") { stage in
            let missing = try Stage.newBucketName()
            await expect("NoSuchBucket", from: .headBucket) { try await stage.client.headBucket(missing) }
            await expect("NoSuchBucket", from: .listObjectsV2) { _ = try await stage.client.listObjects(missing) }
            let names = try await stage.client.listBuckets()
            #expect(!names.contains(missing.description))
        },
        ConformanceCase("a bucket has a region") { stage in
            let location = try await stage.client.bucketLocation(stage.bucket)
            #expect(location == stage.address.region)
        },
    ]
}
