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

    @Test func refusesAShareOfTheKeysAlways() throws {
        let client = try client { faults in
            faults.refusals = [Refusal(code: "InvalidObjectState", share: 0.2), Refusal(code: "KMS.X", share: 0.2)]
        }
        let faults = client.service.currentFaults
        var codes: [String: Int] = [:]
        for number in 0..<1000 {
            let key = "object-\(number)"
            let expected = faults.refusal(of: Array(key.utf8))
            codes[expected ?? "", default: 0] += 1
            guard number < 50 else { continue }
            try client.put(key)
            for _ in 0..<3 {
                let answer = try client.send("PUT", "/two/a", ["x-amz-copy-source": "one/\(key)"])
                #expect(answer.element("Code") == expected)
                #expect(answer.status == (expected == nil ? 200 : expected == "KMS.X" ? 400 : 403))
            }
        }
        #expect((150...250).contains(codes["InvalidObjectState", default: 0]))
        #expect((120...200).contains(codes["KMS.X", default: 0]), "a fifth of those that are left")
        var others = faults
        others.seed = 2
        #expect(
            (0..<1000).contains {
                others.refusal(of: Array("object-\($0)".utf8)) != faults.refusal(of: Array("object-\($0)".utf8))
            }
        )
    }

    @Test func cutsAByteOffCopies() throws {
        let client = try client { $0.corruptCopyShare = 1 }
        try client.put("abc")
        try client.send("PUT", "/one/empty")
        let answer = try client.send("PUT", "/two/a", ["x-amz-copy-source": "one/abc"])
        #expect(answer.text.contains("187ef4436122d1cc2f40dc2b92f0eba0"), "the MD5 of 'ab'")
        #expect(try client.send("GET", "/two/a").text == "ab")
        #expect(try client.send("PUT", "/two/b", ["x-amz-copy-source": "one/empty"]).status == 200)
        #expect(client.service.statistics.withLock { $0.faults } == ["corruptCopy": 1])
    }

    @Test func losesCopies() throws {
        let client = try client { $0.lostCopyShare = 1 }
        try client.put("abc")
        let answer = try client.send("PUT", "/two/a", ["x-amz-copy-source": "one/abc"])
        #expect(answer.status == 200 && answer.element("ETag") != nil)
        #expect(try client.send("GET", "/two/a").status == 404)
        #expect(client.service.statistics.withLock { $0.faults } == ["lostCopy": 1])
    }

    @Test func takesCopyConditionsOrNot() throws {
        let condition: HTTPHeaders = ["x-amz-copy-source": "one/a", "x-amz-copy-source-if-match": "\"other\""]
        for (kind, status) in [(CopyConditions.honoured, 412), (.ignored, 200), (.refused, 501)] {
            let client = try client { $0.copyConditions = kind }
            try client.put("a")
            #expect(try client.send("PUT", "/two/a", condition).status == status)
            #expect(try client.send("PUT", "/two/a", ["x-amz-copy-source": "one/a"]).status == 200)
        }
    }

    @Test func letsCredentialsExpire() throws {
        let client = try client { $0.expireAfterRequests = 2 }
        let codes = try (0..<4).map { _ in try client.send("GET", "/one").element("Code") }
        #expect(codes == [nil, nil, "ExpiredToken", "ExpiredToken"])
    }

    @Test func holdsAnswersBack() throws {
        let client = try client { ($0.delayProbability, $0.delay) = (0.5, .seconds(3)) }
        let delays = (0..<100).map { _ in
            client.service.respond(to: RequestHead(method: "GET", target: "/one", headers: [:])).delay
        }
        #expect(Set(delays) == [.zero, .seconds(3)])
        #expect(client.service.statistics.withLock { $0.faults } == ["delay": delays.count { $0 > .zero }])
    }

    @Test func setsTheClockWrong() throws {
        let client = try client { $0.clockOffset = .seconds(-3600) }
        #expect(try client.send("GET", "/").headers.first(name: "Date") == "Tue, 14 Nov 2023 21:13:20 GMT")
    }

    @Test func refusesSettingsOutOfBounds() {
        for change in [
            { $0.internalErrorProbability = 1.1 }, { $0.resetProbability = -0.1 }, { $0.errorInBodyProbability = .nan },
            { $0.slowDownAboveRequestsPerSecond = 0 }, { $0.closeAfterRequests = 0 }, { $0.shortPageMaximum = 0 },
            { $0.closeIdleAfter = .zero }, { $0.refusals = [Refusal(code: "X", share: 2)] },
            { $0.corruptCopyShare = -1 },
            { $0.lostCopyShare = 1.5 }, { $0.delayProbability = 2 }, { $0.delay = .seconds(-1) },
            { $0.expireAfterRequests = 0 },
        ] as [(inout Faults) -> Void] {
            #expect(throws: LocalS3Error.self) { try client(change) }
        }
    }
}
