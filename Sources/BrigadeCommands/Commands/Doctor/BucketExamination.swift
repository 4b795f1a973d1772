internal import Brigade
internal import S3Client
internal import S3Protocol
private import Synchronization

/// Tries what a job does with a bucket, without writing anything.
struct BucketExamination {
    typealias Check = DoctorReport.Check

    /// What is tried, in order.
    static let names = ["region", "list", "copy"]

    let location: ObjectLocation
    let settings: DoctorSettings

    /// What the client told of while it was used.
    private final class Corrections: Sendable {
        let region = Mutex<String?>(nil)
    }

    /// Tries listing, and copying if that works.
    func run() async -> [Check] {
        let corrections = Corrections()
        var configuration = settings.configuration
        configuration.maximumConnections = 1
        configuration.onNotice = { notice in
            if case .regionCorrected(_, _, let region) = notice { corrections.region.withLock { $0 = region } }
        }
        let client: S3Client
        do throws(S3ClientError) {
            client = try S3Client(configuration)
        } catch {
            return [Check(name: "list", state: .problem, finding: error.description)]
        }
        // One look is wanted, and no patience.
        client.stopRetrying()
        let list = await tryListing(client)
        let copy =
            list.state == .problem
            ? Check(name: "copy", state: .skipped, finding: "not tried") : await tryCopying(client)
        await client.shutDown()
        return [region(corrected: corrections.region.withLock(\.self)), list, copy]
    }

    private func region(corrected: String?) -> Check {
        let configured = settings.configuration.region
        let origin = settings.settings.origin(of: .region)
        guard let corrected else { return Check(name: "region", state: .ok, finding: "\(configured), from \(origin)") }
        let finding = "the bucket is in \(corrected), not \(configured) (from \(origin)); a job finds it out, as now"
        return Check(name: "region", state: .notice, finding: finding)
    }

    private func tryListing(_ client: S3Client) async -> Check {
        do {
            let page = try await client.listObjects(location.bucket, prefix: location.prefix, maximumKeys: 1)
            let finding = page.isEmpty ? "permitted; there is nothing there" : "permitted; there are objects"
            return Check(name: "list", state: .ok, finding: finding)
        } catch {
            return Check(name: "list", state: .problem, finding: "\(error)")
        }
    }

    /// Asks for the copy of an object that does not exist: nothing can come of it, whatever the server makes of the
    /// request, and its answer tells whether it would have copied.
    private func tryCopying(_ client: S3Client) async -> Check {
        let name = "brigade-doctor-\(UInt64.random(in: .min ... .max))"
        let source = ObjectKey(location.prefix + Array("\(name)/no-such-object".utf8))
        let copy = ObjectKey(location.prefix + Array("\(name)/never-made".utf8))
        do {
            _ = try await client.copyObject(from: location.bucket, source, to: location.bucket, copy)
            let finding = "the server says that it copied an object that does not exist; do not trust its answers"
            return Check(name: "copy", state: .problem, finding: finding)
        } catch let error as S3ResponseError where error.code == "NoSuchKey" {
            let finding =
                "permitted, as far as can be known without writing: the copy of an object that does not exist was "
                + "not refused, but ended with NoSuchKey"
            return Check(name: "copy", state: .ok, finding: finding)
        } catch let error as S3ResponseError where error.status == 403 {
            let finding =
                "refused: \(error); a copy needs s3:GetObject and s3:GetObjectTagging at the source, s3:PutObject and "
                + "s3:PutObjectTagging at the destination"
            return Check(name: "copy", state: .problem, finding: finding)
        } catch {
            let finding = "not known: the copy of an object that does not exist ended with \(error)"
            return Check(name: "copy", state: .notice, finding: finding)
        }
    }
}
