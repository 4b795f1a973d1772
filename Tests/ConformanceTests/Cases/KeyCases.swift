import S3Client
import S3Protocol
import ServerTestSupport
import Testing

extension ConformanceCase {
    static let keys: [ConformanceCase] = [
        ConformanceCase("awkward keys are kept byte for byte, but for what is known of the server") { stage in
            let fates = try await stage.putAwkwardObjects()
            #expect(fates == stage.quirks.keys)
        },
        ConformanceCase("objects under awkward keys are read, copied and deleted") { stage in
            let fates = try await stage.putAwkwardObjects()
            let kept = AwkwardKey.all.filter { fates[$0.name] == nil || fates[$0.name] == .stripped }
            let other = try await stage.makeBucket()
            var copied: [ObjectKey] = []
            for awkward in kept {
                let key = ObjectKey(awkward.bytes)
                let read = try await stage.client.getObject(stage.bucket, key)
                #expect(String(read.body) == (awkward.isFolder ? "" : awkward.name))
                guard !stage.quirks.cannotCopyFolders || !awkward.isFolder else {
                    await expect("NoSuchKey", from: .copyObject) {
                        _ = try await stage.client.copyObject(from: stage.bucket, key, to: other, key)
                    }
                    continue
                }
                _ = try await stage.client.copyObject(from: stage.bucket, key, to: other, key)
                copied.append(key)
                let copy = try await stage.client.getObject(other, key)
                #expect(copy.body == read.body, "\(awkward)")
                stage.expectCopied(copy.head, from: read.head)
            }
            let listed = try await stage.client.listObjects(other).map(\.key)
            #expect(listed == stage.listingOrder(copied))
            #expect(try await stage.client.deleteObjects(other, copied).isEmpty)
            #expect(try await stage.client.listObjects(other).isEmpty)
        },
    ]
}

extension Stage {
    /// Puts an object under each awkward key; its content is the key's name.
    ///
    /// - Returns: What became of the keys that the server did not keep.
    fileprivate func putAwkwardObjects() async throws -> [String: ServerQuirks.KeyFate] {
        var fates: [String: ServerQuirks.KeyFate] = [:]
        for awkward in AwkwardKey.all {
            do {
                try await client.putObject(
                    bucket,
                    ObjectKey(awkward.bytes),
                    body: awkward.isFolder ? [] : Array(awkward.name.utf8),
                    headers: ConformanceCase.description + [.init("x-amz-meta-name", awkward.name)]
                )
            } catch let error as S3ResponseError {
                fates[awkward.name] = .refused(error.code)
            } catch let error as S3ClientError {
                fates[awkward.name] = .refused(error.code.description)
            }
        }
        let namesByETag = Dictionary(
            uniqueKeysWithValues: AwkwardKey.all.map {
                (ConformanceCase.md5(Array($0.name.utf8)), $0.name)
            }
        )
        var names: [ObjectKey: String] = [:]
        for object in try await client.listObjects(bucket) {
            names[object.key] = namesByETag[Array(object.etag)]
            guard object.size == 0 else { continue }
            // Those without content are told apart by their metadata. What has none at all was listed though its put
            // was refused, as rclone does.
            do {
                let fields = try await client.headObject(bucket, object.key).storedHeaders
                names[object.key] = fields.first { $0.name == "x-amz-meta-name" }.map { String($0.value) } ?? ""
            } catch let error as S3ResponseError where error.code == "NoSuchKey" {
                names[object.key] = ""
            }
        }
        for awkward in AwkwardKey.all where fates[awkward.name] == nil {
            switch names[ObjectKey(awkward.bytes)] {
            case awkward.name: break
            case "": fates[awkward.name] = .stripped
            default:
                let found = names.first { $0.value == awkward.name }?.key.description
                fates[awkward.name] =
                    switch found {
                    case nil: .vanished
                    case bucket.description: .renamed(ServerQuirks.bucketName)
                    case let key?: .renamed(key)
                    }
            }
        }
        return fates
    }
}
