import Brigade
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Synchronization
import Testing

@Suite("objects that change while they are copied", .serialized)
struct ChangedSourceTests {
    private func job(concurrency: Int = 4) throws -> CopyJob {
        var job = CopyJob(from: try ObjectLocation("s3://source"), to: try ObjectLocation("s3://destination"))
        job.concurrency = concurrency
        return job
    }

    private func key(_ number: Int) -> [UInt8] { Array("object-\(1000 + number)".utf8) }

    private func fill(_ server: LocalS3Server, _ count: Int) throws {
        for number in 0..<count {
            try server.put(bucket: "source", key: key(number), body: Array("old \(number)".utf8))
        }
    }

    @Test(
        "what was overwritten after it was listed arrives in the newer version, whatever a server makes of conditions",
        arguments: CopyConditions.allCases
    )
    func overwritten(conditions: CopyConditions) async throws {
        var faults = Faults()
        faults.copyConditions = conditions
        try await withFaultyServer(faults, latency: .milliseconds(10)) { server, client in
            try fill(server, 400)
            let events = Events()
            let run = try CopyRun(job(), client: client, onEvent: events.add)
            async let outcome = run.run()
            // The one page is listed by then, and the copiers are far from its end.
            while run.counters.copied.objects == 0 { try await Task.sleep(for: .milliseconds(1)) }
            for number in 370..<390 {
                try server.put(bucket: "source", key: key(number), body: Array("the newer version".utf8))
            }
            for number in 390..<400 { try await client.deleteObject(.source, ObjectKey(key(number))) }
            let summary = try await outcome
            #expect(summary.isComplete)
            #expect(summary.counters.copied.objects == 390)
            #expect(summary.counters.copiedNewer == 20)
            #expect(events.skipped.count == 10 && events.skipped.allSatisfy { $0.reason == .deletedMeanwhile })
            #expect(events.refusedConditions == (conditions == .refused ? 1 : 0))
            #expect(try server.objects(in: "destination") == server.objects(in: "source"))
        }
    }

    @Test("what is overwritten without end arrives in one of its versions, or is reported; it is never a mix")
    func overwrittenWithoutEnd() async throws {
        try await withFaultyServer(latency: .milliseconds(2)) { server, client in
            try fill(server, 200)
            let isOver = StopMark()
            let busy = [key(50), key(120), key(199)]
            try await withThrowingTaskGroup { group in
                group.addTask {
                    var version = 0
                    while !isOver.isSet {
                        version += 1
                        for key in busy {
                            // The size tells the version too, so that a mix of two would be seen.
                            try server.put(bucket: "source", key: key, body: Array(repeating: 0x78, count: version))
                        }
                        try await Task.sleep(for: .milliseconds(1))
                    }
                }
                let events = Events()
                var job = try job()
                job.isVerified = true
                let summary = try await CopyRun(job, client: client, onEvent: events.add).run()
                isOver.set()
                try await group.waitForAll()
                #expect(summary.abortedBy == nil)
                let failed = Set(events.failed.map { Array($0.key.bytes) })
                #expect(failed.isSubset(of: busy))
                #expect(events.failed.allSatisfy { $0.failure.code == "ChangedMeanwhile" })
                let copies = try server.objects(in: "destination")
                for key in busy {
                    let copy = try #require(copies.first { $0.key == key } ?? (failed.contains(key) ? copies[0] : nil))
                    guard copy.key == key else { continue }
                    let body = try await client.getObject(.destination, ObjectKey(key)).body
                    #expect(body.allSatisfy { $0 == 0x78 } && body.count == copy.size)
                }
                // What was overwritten again after its copy was made is seen by the comparison.
                let reported = failed.union(
                    events.differences.map { difference in
                        switch difference {
                        case .missing(let key, _), .size(let key, _, _), .etag(let key, _), .extra(let key, _):
                            Array(key.bytes)
                        }
                    }
                )
                #expect(reported.isSubset(of: busy))
                #expect(summary.isComplete == reported.isEmpty)
                #expect(copies.count == 200 - busy.count { key in !copies.contains { $0.key == key } })
            }
        }
    }

    // MARK: Answers that no S3 server of the tests gives

    private static let old = "5d41402abc4b2a76b9719d911017c592"
    private static let other = "7d793037a0760186574b0282f2f435e7"

    /// Copies one object from a server that says what it is told to, and tells how often it asked for what.
    private func copyOne(
        _ answer: @escaping @Sendable (_ head: String) -> (status: String, fields: [String], body: String)?
    ) async throws -> (summary: CopySummary, failures: [CopyFailure]) {
        let page =
            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><ETag>\"\(Self.old)\"</ETag>"
            + "<Size>5</Size></Contents></ListBucketResult>"
        let result = Mutex<(CopySummary, [CopyFailure])?>(nil)
        let behaviour = StandIn.Behaviour.answers { head in
            if let said = answer(head) {
                return StandIn.answer(said.status, type: "application/xml", fields: said.fields, body: said.body)
            }
            return StandIn.answer("200 OK", type: "application/xml", body: page)
        }
        try await StandIn.run(behaviour) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            try await withNewClient(configuration) { client in
                let events = Events()
                let summary = try await CopyRun(job(concurrency: 1), client: client, onEvent: events.add).run()
                result.withLock { $0 = (summary, events.failed.map(\.failure)) }
            }
        }
        return try #require(result.withLock { $0 })
    }

    private static func copied(_ etag: String, _ fields: [String] = []) -> (String, [String], String) {
        ("200 OK", fields, "<CopyObjectResult><ETag>\"\(etag)\"</ETag></CopyObjectResult>")
    }

    @Test("a copy that is not what the source holds fails, when the destination agrees that it is not")
    func mismatch() async throws {
        let (summary, failures) = try await copyOne { head in
            if head.hasPrefix("PUT ") { return Self.copied(Self.other) }
            guard head.hasPrefix("HEAD ") else { return nil }
            return ("200 OK", ["etag: \"\(head.contains("/destination/") ? Self.other : Self.old)\""], "")
        }
        #expect(failures.map(\.code) == ["ETagMismatch"])
        #expect(
            failures.first?.message.contains(Self.old) == true && failures.first?.message.contains(Self.other) == true
        )
        #expect(summary.client.requests == [.listObjectsV2: 2, .copyObject: 1, .headObject: 2])
    }

    @Test("an answer with a wrong ETag is no failure when the copy itself is right")
    func wrongAnswer() async throws {
        let (summary, failures) = try await copyOne { head in
            if head.hasPrefix("PUT ") { return Self.copied(Self.other) }
            return head.hasPrefix("HEAD ") ? ("200 OK", ["etag: \"\(Self.old)\""], "") : nil
        }
        #expect(failures.isEmpty && summary.isComplete && summary.counters.copiedNewer == 0)
    }

    @Test(
        "an ETag of an object that is encrypted with KMS proves nothing",
        arguments: ["answer", "source", "destination"]
    )
    func encrypted(whereSaid: String) async throws {
        let field = "x-amz-server-side-encryption: aws:kms"
        let (summary, failures) = try await copyOne { head in
            if head.hasPrefix("PUT ") { return Self.copied(Self.other, whereSaid == "answer" ? [field] : []) }
            guard head.hasPrefix("HEAD ") else { return nil }
            let isDestination = head.contains("/destination/")
            let isSaid = whereSaid == (isDestination ? "destination" : "source")
            return ("200 OK", ["etag: \"\(isDestination ? Self.other : Self.old)\""] + (isSaid ? [field] : []), "")
        }
        #expect(failures.isEmpty && summary.isComplete)
        let heads = ["answer": nil, "source": 1, "destination": 2][whereSaid] ?? nil
        #expect(summary.client.requests[.headObject] == heads)
    }

    @Test("a server that finds a condition not met which is met is asked without one")
    func misjudged() async throws {
        let (summary, failures) = try await copyOne { head in
            if head.hasPrefix("HEAD ") { return ("200 OK", ["etag: \"\(Self.old)\""], "") }
            guard head.hasPrefix("PUT ") else { return nil }
            guard head.contains("x-amz-copy-source-if-match") else { return Self.copied(Self.old) }
            return ("412 Precondition Failed", [], "<Error><Code>PreconditionFailed</Code></Error>")
        }
        #expect(failures.isEmpty && summary.isComplete && summary.counters.copiedNewer == 0)
        #expect(summary.client.requests[.copyObject] == 2)
    }

    @Test("what is another at each look is given up, and said to be")
    func neverTheSame() async throws {
        let number = Atomic(100)
        let (summary, failures) = try await copyOne { head in
            if head.hasPrefix("HEAD ") {
                let etag = "\(number.add(1, ordering: .relaxed).newValue)" + Self.old.dropFirst(3)
                return ("200 OK", ["etag: \"\(etag)\""], "")
            }
            guard head.hasPrefix("PUT ") else { return nil }
            return ("412 Precondition Failed", [], "<Error><Code>PreconditionFailed</Code></Error>")
        }
        #expect(failures.map(\.code) == ["ChangedMeanwhile"])
        #expect(!summary.isComplete && (summary.client.requests[.copyObject] ?? 0) < 10)
    }

    @Test("a 400 that passes says nothing of conditions: they stay in use")
    func passingRefusal() async throws {
        let attempts = Atomic(0)
        let withoutCondition = Atomic(0)
        let (summary, failures) = try await copyOne { head in
            guard head.hasPrefix("PUT ") else { return nil }
            if !head.contains("x-amz-copy-source-if-match") { withoutCondition.add(1, ordering: .relaxed) }
            guard attempts.add(1, ordering: .relaxed).newValue == 1 else { return Self.copied(Self.old) }
            return ("400 Bad Request", [], "<Error><Code>RequestTimeout</Code></Error>")
        }
        #expect(failures.isEmpty && summary.isComplete)
        #expect(attempts.load(ordering: .relaxed) == 2 && withoutCondition.load(ordering: .relaxed) == 0)
    }

    @Test("a 400 that has nothing to do with the condition is the object's failure, and conditions stay in use")
    func otherRefusal() async throws {
        let (summary, failures) = try await copyOne { head in
            guard head.hasPrefix("PUT ") else { return nil }
            return ("400 Bad Request", [], "<Error><Code>InvalidRequest</Code><Message>no</Message></Error>")
        }
        #expect(failures.map(\.code) == ["InvalidRequest"])
        #expect(summary.client.requests[.copyObject] == 2)
    }
}
