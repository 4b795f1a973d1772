import S3Client
import S3Protocol
import Testing

extension ConformanceCase {
    static let credentials: [ConformanceCase] = [
        ConformanceCase("a wrong secret is refused, where signatures are checked") { stage in
            let wrong = Credentials(accessKeyID: stage.address.accessKey, secretAccessKey: "another secret")
            try await stage.withClient({ $0.credentials = wrong }) { client in
                guard stage.address.checksSignatures else {
                    _ = try await client.listObjects(stage.bucket)
                    return
                }
                await expect("SignatureDoesNotMatch", from: .listObjectsV2) {
                    _ = try await client.listObjects(stage.bucket)
                }
                await expect("SignatureDoesNotMatch", from: .putObject) {
                    try await client.putObject(stage.bucket, ObjectKey("object"), body: [1])
                }
            }
            #expect(try await stage.client.listObjects(stage.bucket).isEmpty)
        },
        ConformanceCase("an unknown access key is refused, where signatures are checked") { stage in
            let wrong = Credentials(accessKeyID: "NOBODY", secretAccessKey: stage.address.secretKey)
            try await stage.withClient({ $0.credentials = wrong }) { client in
                guard stage.address.checksSignatures else {
                    _ = try await client.listObjects(stage.bucket)
                    return
                }
                await expect("InvalidAccessKeyId", from: .listObjectsV2) {
                    _ = try await client.listObjects(stage.bucket)
                }
            }
        },
        ConformanceCase("an unsigned request is refused, where signatures are checked") { stage in
            try await stage.withClient({ $0.credentials = nil }) { client in
                guard stage.address.checksSignatures else {
                    _ = try await client.listObjects(stage.bucket)
                    return
                }
                await expect(stage.quirks.unsigned, from: .listObjectsV2) {
                    _ = try await client.listObjects(stage.bucket)
                }
            }
        },
    ]
}
