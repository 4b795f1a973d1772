import NIOHTTP1
import Synchronization
import Testing

@testable import LocalS3

@Suite struct FaultTests {
    private func client(_ change: (inout Faults) -> Void) throws -> TestClient {
        var faults = Faults()
        change(&faults)
        try faults.validate()
        return try TestClient(faults: faults)
    }

    @Test func givesNoneUnlessAsked() throws {
        var injector = FaultInjector(Faults())
        for _ in 0..<100 { #expect(injector.next(for: .copyObject, now: TestClient.time) == nil) }
    }

    @Test func repeatsWithItsSeed() {
        var faults = Faults()
        (faults.internalErrorProbability, faults.resetProbability) = (0.2, 0.1)
        (faults.errorInBodyProbability, faults.truncatedPageProbability) = (0.2, 0.3)
        func sequence(seed: UInt64) -> [FaultInjector.Fault?] {
            faults.seed = seed
            var injector = FaultInjector(faults)
            return (0..<500).map {
                injector.next(for: $0 % 2 == 0 ? .copyObject : .listObjectsV2, now: TestClient.time)
            }
        }
        let first = sequence(seed: 1)
        #expect(first == sequence(seed: 1))
        #expect(first != sequence(seed: 2))
        #expect(Set(first.compactMap { $0 }).count == 6)
    }

    @Test func failsInTheBodyWithoutCarryingOut() throws {
        let client = try client { $0.errorInBodyProbability = 1 }
        try client.put("a")
        let answer = try client.send("PUT", "/one/b", ["x-amz-copy-source": "one/a"])
        #expect(answer.status == 200)
        #expect(answer.element("Code") == "InternalError")
        #expect(try client.list("").elements("Key") == ["a"])
    }

    @Test func failsOutright() throws {
        let client = try client { $0.internalErrorProbability = 1 }
        let answer = try client.send("PUT", "/one/a")
        #expect(answer.status == 500)
        #expect(answer.element("Code") == "InternalError")
        #expect(try client.service.store.bucket("one").contents.withLock { $0.objects.isEmpty })
    }

    @Test func resetsBeforeOrAfter() throws {
        let client = try client { $0.resetProbability = 1 }
        for number in 0..<40 {
            let head = RequestHead(method: "PUT", target: "/one/\(number)", headers: ["Content-Length": "0"])
            guard case .reset = client.service.respond(to: head).interruption else {
                Issue.record("an answer got through")
                return
            }
        }
        let count = try client.service.store.bucket("one").contents.withLock { $0.objects.count }
        #expect((1..<40).contains(count))
    }

    @Test func cutsPagesOff() throws {
        let client = try client { $0.truncatedPageProbability = 1 }
        try client.put("a", "b", "c")
        var kinds: Set<Bool> = []
        for _ in 0..<20 {
            let head = RequestHead(method: "GET", target: "/one?list-type=2", headers: [:])
            let response = client.service.respond(to: head)
            guard case .bytes(let bytes) = response.content else { continue }
            switch response.interruption {
            case .close(let length):
                #expect(length < response.contentLength)
                kinds.insert(true)
            default:
                #expect(bytes.count == response.contentLength)
                #expect(!String(decoding: bytes, as: UTF8.self).contains("</ListBucketResult>"))
                kinds.insert(false)
            }
        }
        #expect(kinds == [true, false])
    }

    @Test func slowsDownAboveARate() {
        var faults = Faults()
        faults.slowDownAboveRequestsPerSecond = 3
        var injector = FaultInjector(faults)
        for second in 0..<3 as Range<Int64> {
            let answers = (0..<5).map { _ in injector.next(for: nil, now: Timestamp(milliseconds: second * 1000 + 7)) }
            #expect(answers == [nil, nil, nil, .slowDown, .slowDown])
        }
    }

    @Test func deniesKeys() throws {
        let client = try client { $0.deniedKeyPrefixes = ["secret/"] }
        try client.put("secret/a", "open")
        #expect(try client.send("GET", "/one/secret/a").element("Code") == "AccessDenied")
        #expect(try client.send("HEAD", "/one/secret/a").status == 403)
        let copy = try client.send("PUT", "/two/a", ["x-amz-copy-source": "one/secret/a"])
        #expect(copy.element("Code") == "AccessDenied")
        #expect(try client.send("GET", "/one/open").status == 200)
        #expect(client.service.statistics.withLock { $0.faults } == ["denied": 3])
    }

    @Test func setsTheClockWrong() throws {
        let client = try client { $0.clockOffset = .seconds(-3600) }
        #expect(try client.send("GET", "/").headers.first(name: "Date") == "Tue, 14 Nov 2023 21:13:20 GMT")
    }

    @Test func refusesSettingsOutOfBounds() {
        for change in [
            { $0.internalErrorProbability = 1.1 }, { $0.resetProbability = -0.1 }, { $0.errorInBodyProbability = .nan },
            { $0.slowDownAboveRequestsPerSecond = 0 }, { $0.closeAfterRequests = 0 }, { $0.shortPageMaximum = 0 },
            { $0.closeIdleAfter = .zero },
        ] as [(inout Faults) -> Void] {
            #expect(throws: LocalS3Error.self) { try client(change) }
        }
    }
}
