internal import S3Client
internal import S3Protocol

/// What is tried before the first object is written: whether the source lists and the destination exists.
struct Preflight {
    let client: S3Client
    let job: CopyJob
    let stopSignal: StopSignal

    /// The listing's first page, which the job goes on from.
    ///
    /// - Throws: ``BrigadeError`` with the code `sourceUnavailable`.
    func firstPage(of lister: inout SerialLister) async throws(BrigadeError) -> ListPage {
        do {
            // A bucket's listing has a first page, if only an empty one.
            guard let page = try await lister.next() else { preconditionFailure("the lister had been used") }
            return page
        } catch {
            throw BrigadeError(
                code: .sourceUnavailable,
                message: explain(error, bucket: job.source.bucket, role: "source", need: "be listed"),
                cause: error
            )
        }
    }

    /// Asks for one key of the destination, which shows that it exists and that the credentials are taken there.
    ///
    /// That listing it is forbidden is no error: who may write need not be allowed to read.
    ///
    /// - Throws: ``BrigadeError`` with the code `destinationUnavailable`.
    func checkDestination() async throws(BrigadeError) {
        do {
            _ = try await stopSignal.cutShort { [client, job] in
                try await client.listObjects(job.destination.bucket, prefix: job.destination.prefix, maximumKeys: 1)
            }
        } catch let error as S3ResponseError where error.code == "AccessDenied" {
            return
        } catch {
            throw BrigadeError(
                code: .destinationUnavailable,
                message: explain(error, bucket: job.destination.bucket, role: "destination", need: "be written to"),
                cause: error
            )
        }
    }

    private func explain(_ error: any Error, bucket: BucketName, role: String, need: String) -> String {
        let place = client.configuration.endpoint.map { "at \($0)" } ?? "on Amazon S3"
        guard let error = error as? S3ResponseError else {
            return "the \(role) bucket '\(bucket)' cannot \(need): \(error)"
        }
        switch error.code {
        case "NoSuchBucket":
            let check = "check its name and the endpoint"
            let remedy = role == "source" ? check : "make it first, or \(check)"
            let doubt = error.message.isEmpty && error.requestID == nil ? ", or what answers there is no S3 server" : ""
            return "the \(role) bucket '\(bucket)' does not exist \(place)\(doubt); \(remedy)"
        case "InvalidAccessKeyId", "SignatureDoesNotMatch":
            return "the credentials were refused \(place) (\(error.code)); check the access key and its secret, "
                + "and which profile or environment variable they come from"
        case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
            return "the session token was refused \(place) (\(error.code)); get new temporary credentials"
        case "AccessDenied" where client.configuration.credentials == nil:
            return "the \(role) bucket '\(bucket)' cannot \(need) without credentials \(place)"
        case "AccessDenied":
            return "the credentials do not allow the \(role) bucket '\(bucket)' to \(need) \(place) (\(error))"
        case "RequestTimeTooSkewed":
            return "this machine's clock and the server's differ by more than S3 allows, and signing for the server's "
                + "time did not help; set the clock right (\(error))"
        default:
            return "the \(role) bucket '\(bucket)' cannot \(need): \(error)"
        }
    }
}
