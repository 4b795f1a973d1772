internal import ArgumentParser
internal import Brigade
internal import LocalS3
internal import S3Client
internal import S3Protocol

/// `brigade demo`: the whole story on the embedded server.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Copies a bucket of 20,000 objects on an embedded server, and compares both sides.",
        discussion: "Nothing leaves this machine and nothing is left behind."
    )

    func run() async throws {
        do {
            let credentials = Credentials(accessKeyID: "demo", secretAccessKey: "demo-secret-key")
            var settings = LocalS3Configuration()
            settings.credentials = [credentials.accessKeyID: credentials.secretAccessKey]
            let server = try await LocalS3Server.start(settings)
            try fill(server)
            let summary = try await copy(on: server, with: credentials)
            try tell(summary, about: server)
            try await server.stop()
        } catch let error as LocalS3Error {
            throw CommandFailure.fatal(error.message)
        }
    }

    private func fill(_ server: LocalS3Server) throws {
        let bucket = DemoBucket()
        try server.createBucket("source")
        try server.createBucket("destination")
        for (number, key) in bucket.keys.enumerated() {
            let isFolder = key.last == UInt8(ascii: "/")
            try server.put(
                bucket: "source",
                key: key,
                body: isFolder ? [] : Array("content of object \(number)".utf8),
                contentType: number % 2 == 0 ? "image/jpeg" : "text/plain",
                metadata: ["number": String(number)]
            )
        }
        StandardOutput.writeLine(
            "An S3 server of our own listens on \(server.endpoint) and checks signatures.\n"
                + "Its bucket 'source' holds \(Quantity.counted(bucket.keys.count, "object")), "
                + "\(DemoBucket.awkwardCount) of them with keys that copying tools lose or mangle."
        )
    }

    private func copy(on server: LocalS3Server, with credentials: Credentials) async throws -> CopySummary {
        var configuration = S3ClientConfiguration()
        let job: CopyJob
        do {
            configuration.endpoint = try Endpoint(url: server.endpoint)
            configuration.credentials = credentials
            job = CopyJob(
                from: ObjectLocation(bucket: try BucketName("source")),
                to: ObjectLocation(bucket: try BucketName("destination"))
            )
        } catch {
            preconditionFailure("the demo's own names are valid: \(error)")
        }
        let execution = CopyExecution(job: job, configuration: configuration, showsProgress: false, isQuiet: false)
        StandardOutput.writeLine("Copying it to 'destination', \(job.concurrency) objects at once ...")
        return try await execution.run { event in
            if case .failed(let key, _, let failure) = event {
                StandardError.write("failed: \(KeyText.display(key)): \(failure.message)\n")
            }
        }
    }

    private func tell(_ summary: CopySummary, about server: LocalS3Server) throws {
        let counters = summary.counters
        let rate = Int(Double(counters.copied.objects) / max(summary.duration / .seconds(1), 0.001))
        StandardOutput.writeLine(
            "Copied \(Quantity.counted(counters.copied.objects, "object")) in "
                + "\(Quantity.duration(summary.duration)), \(Quantity.count(rate)) a second, over "
                + "\(Quantity.counted(summary.client.connections.opened, "connection")) that stayed open."
        )
        let comparison = DemoComparison(
            try server.objects(in: "source"),
            try server.objects(in: "destination")
        )
        for difference in comparison.differences { StandardError.write("\(difference)\n") }
        guard comparison.differences.isEmpty, summary.isComplete else {
            throw CommandFailure(message: "the buckets differ", exitCode: ExitCode(1))
        }
        StandardOutput.writeLine(
            "Compared key by key: \(Quantity.counted(comparison.equal, "object")) with the same bytes in the key, "
                + "the same size, ETag, content type and metadata on both sides."
        )
    }
}
