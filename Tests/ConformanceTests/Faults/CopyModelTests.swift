import Brigade
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Synchronization
import TestSupport
import Testing

/// Random buckets that change while and between they are copied, on a server with all faults at once; beside it a
/// dictionary of every version that was ever written.
@Suite("copies of random buckets under all faults", .serialized)
struct CopyModelTests {
    /// What was written, and what the buckets should hold.
    private struct Model {
        /// The versions of each key, the latest last; `nil` where it was deleted.
        var versions: [[UInt8]: [[UInt8]?]] = [:]

        func current(_ key: [UInt8]) -> [UInt8]? { versions[key]?.last ?? nil }
        var keys: [[UInt8]] { versions.keys.filter { current($0) != nil } }
    }

    private static func faults(_ random: inout SeededGenerator) -> Faults {
        var faults = Faults()
        faults.seed = UInt64(random.number(1...1000))
        faults.internalErrorProbability = 0.03
        faults.resetProbability = 0.01
        faults.errorInBodyProbability = 0.02
        faults.truncatedPageProbability = 0.05
        (faults.delayProbability, faults.delay) = (0.02, .milliseconds(20))
        faults.slowDownAboveRequestsPerSecond = 2000
        faults.closeAfterRequests = 40
        faults.shortPageMaximum = random.pick([20, 60, 1000])
        faults.refusals = [
            Refusal(code: "AccessDenied", share: 0.02), Refusal(code: "InvalidObjectState", share: 0.02),
        ]
        (faults.corruptCopyShare, faults.lostCopyShare) = (0.02, 0.02)
        faults.copyConditions = random.pick(CopyConditions.allCases)
        return faults
    }

    private static func change(_ model: inout Model, _ server: LocalS3Server, _ random: inout SeededGenerator) throws {
        let key: [UInt8]
        if let known = model.versions.keys.randomElement(using: &random), !random.chance(oneIn: 4) {
            key = known
        } else {
            key = Array(random.text(1...5, of: ["a", "b", "/", "é", "+", "0", " "]).utf8)
        }
        let body = Array(repeating: UInt8(random.number(0...255)), count: random.number(0...40))
        try server.put(bucket: "source", key: key, body: body)
        model.versions[key, default: []].append(body)
    }

    /// Changes the source again and again.
    private static func keepChanging(
        _ model: Model,
        _ server: LocalS3Server,
        _ client: S3Client,
        _ random: SeededGenerator,
        until isOver: StopMark
    ) async throws -> (Model, SeededGenerator) {
        var (model, random) = (model, random)
        while !isOver.isSet {
            try change(&model, server, &random)
            if random.chance(oneIn: 5), let key = model.keys.randomElement(using: &random) {
                try await client.deleteObject(.source, ObjectKey(key))
                model.versions[key]?.append(nil)
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        return (model, random)
    }

    @Test(
        "every object is copied or reported, nothing else arrives, and a verification finds what is wrong",
        arguments: 1...4
    )
    func model(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let faults = Self.faults(&random)
        try await withFaultyServer(faults, latency: .milliseconds(1)) { server, client in
            var model = Model()
            for _ in 0..<random.number(200...600) { try Self.change(&model, server, &random) }
            for _ in 0..<2 {
                // Objects are written and deleted while they are copied.
                let isOver = StopMark()
                let (before, generator) = (model, random)
                async let changed = Self.keepChanging(before, server, client, generator, until: isOver)
                let events = Events()
                let summary = try await run(client, events)
                isOver.set()
                (model, random) = try await changed
                try expectAccounted(summary, events, model, faults)
                try await expectVersions(server, client, model, faults)
            }
            // Nothing changes any more.
            let events = Events()
            let summary = try await run(client, events, isVerified: true)
            try expectAccounted(summary, events, model, faults)
            try await expectVersions(server, client, model, faults)
            try expectFinal(server, summary, events, model, faults)
        }
    }

    private func run(_ client: S3Client, _ events: Events, isVerified: Bool = false) async throws -> CopySummary {
        var job = CopyJob(from: try ObjectLocation("s3://source"), to: try ObjectLocation("s3://destination"))
        job.concurrency = 16
        job.fetchers = 4
        job.isVerified = isVerified
        return try await CopyRun(job, client: client, onEvent: events.add).run()
    }

    /// Every listed object has one verdict, and only what the faults say fails.
    private func expectAccounted(_ summary: CopySummary, _ events: Events, _ model: Model, _ faults: Faults) throws {
        #expect(summary.abortedBy == nil && !summary.wasStopped, "\(summary.abortedBy?.message ?? "")")
        let counters = summary.counters
        #expect(counters.isListingComplete && counters.notTried.objects == 0)
        #expect(counters.listed.objects == counters.copied.objects + counters.skipped.objects + counters.failed.objects)
        #expect(counters.failed.objects == events.failed.count && counters.skipped.objects == events.skipped.count)
        for (key, failure) in events.failed {
            let bytes = Array(key.bytes)
            switch failure.code {
            case "ETagMismatch": #expect(faults.corruptsCopy(of: bytes), "\(failure)")
            case "ChangedMeanwhile": break
            // It came and went between the questions.
            case "NoSuchKey": #expect(model.versions[bytes]?.contains(nil) == true)
            default: #expect(failure.code == faults.refusal(of: bytes), "\(failure)")
            }
        }
        for (key, reason) in events.skipped {
            #expect(reason == .deletedMeanwhile)
            #expect(model.versions[Array(key.bytes)]?.contains(nil) == true)
        }
        #expect(counters.failed.objects == 0 || !summary.isComplete)
    }

    /// What stands at the destination is one of the versions that were written, whole; or lacks the byte that the faults
    /// took from it.
    private func expectVersions(
        _ server: LocalS3Server,
        _ client: S3Client,
        _ model: Model,
        _ faults: Faults
    ) async throws {
        for copy in try server.objects(in: "destination") {
            let body = try await client.getObject(.destination, ObjectKey(copy.key)).body
            var versions = (model.versions[copy.key] ?? []).compactMap(\.self)
            if faults.corruptsCopy(of: copy.key) { versions = versions.map { $0.isEmpty ? $0 : Array($0.dropLast()) } }
            #expect(versions.contains(body), "\(String(decoding: copy.key, as: UTF8.self))")
        }
    }

    /// After a run beside which nothing changed: both buckets are what the model and the faults say, and so are the
    /// differences that were found.
    private func expectFinal(
        _ server: LocalS3Server,
        _ summary: CopySummary,
        _ events: Events,
        _ model: Model,
        _ faults: Faults
    ) throws {
        func objects(_ bucket: String) throws -> [[UInt8]: StoredObject] {
            Dictionary(uniqueKeysWithValues: try server.objects(in: bucket).map { ($0.key, $0) })
        }
        let (source, destination) = (try objects("source"), try objects("destination"))
        #expect(Set(source.keys) == Set(model.keys))
        var expected: Set<Difference> = []
        for (key, object) in source {
            let isBad = faults.refusal(of: key) != nil || faults.corruptsCopy(of: key) || faults.losesCopy(of: key)
            guard let copy = destination[key] else {
                #expect(isBad)
                expected.insert(.missing(ObjectKey(key), size: object.size))
                continue
            }
            guard copy.etag != object.etag else { continue }
            #expect(isBad)
            expected.insert(
                copy.size == object.size
                    ? .etag(ObjectKey(key), size: object.size)
                    : .size(ObjectKey(key), source: object.size, destination: copy.size)
            )
        }
        let isDifferent = !expected.isEmpty
        for (key, copy) in destination where source[key] == nil {
            expected.insert(.extra(ObjectKey(key), size: copy.size))
        }
        #expect(Set(events.differences) == expected)
        #expect(events.differences.count == expected.count)
        let found = try #require(summary.verification)
        #expect((found.verdict == .different) == isDifferent)
        #expect(found.counters.compared == source.count && found.isInByteOrder)
        #expect(summary.isComplete == (!isDifferent && events.failed.isEmpty))
    }
}
