import Testing

@testable import S3Client

@Suite("What is remembered of names")
struct NameCacheStateMachineTests {
    private typealias Cache = NameCacheStateMachine<String, [Int]>

    /// How addresses are come by, in a word.
    private func ask(_ cache: inout Cache, _ name: String = "name", at seconds: Int) -> String {
        switch cache.ask(name, at: .seconds(seconds)) {
        case .use(let addresses, let refresh): "\(addresses)\(refresh ? " again" : "")"
        case .lookUp: "look up"
        case .wait: "wait"
        }
    }

    @Test("the first lookup is waited for, and shared")
    func first() {
        var cache = Cache(lifetime: .seconds(60))
        #expect(ask(&cache, at: 0) == "look up")
        #expect(ask(&cache, at: 1) == "wait")
        #expect(ask(&cache, "other", at: 1) == "look up")
        cache.found([1, 2], for: "name", at: .seconds(2))
        #expect(ask(&cache, at: 2) == "[1, 2]")
        #expect(ask(&cache, "other", at: 2) == "wait")
    }

    @Test("later ones run beside the requests, one at a time")
    func refresh() {
        var cache = Cache(lifetime: .seconds(60))
        _ = ask(&cache, at: 0)
        cache.found([1], for: "name", at: .seconds(0))
        #expect(ask(&cache, at: 59) == "[1]")
        #expect(ask(&cache, at: 60) == "[1] again")
        #expect(ask(&cache, at: 300) == "[1]", "the lookup is still under way")
        cache.found([2], for: "name", at: .seconds(300))
        #expect(ask(&cache, at: 300) == "[2]")
        #expect(ask(&cache, at: 360) == "[2] again")
    }

    @Test("a name server that is away changes nothing, however long")
    func away() {
        var cache = Cache(lifetime: .seconds(60))
        _ = ask(&cache, at: 0)
        cache.found([1], for: "name", at: .seconds(0))
        for second in stride(from: 60, to: 6000, by: 5) {
            #expect(ask(&cache, at: second) == "[1] again")
            guard case .keep([1]) = cache.failed("name", at: .seconds(second)) else {
                Issue.record("the addresses are kept")
                return
            }
            #expect(ask(&cache, at: second + 4) == "[1]")
        }
    }

    @Test("a name that never had an address is looked up for each who asks")
    func never() {
        var cache = Cache(lifetime: .seconds(60))
        for _ in 0..<3 {
            #expect(ask(&cache, at: 0) == "look up")
            guard case .fail = cache.failed("name", at: .zero) else {
                Issue.record("there is nothing to keep")
                return
            }
        }
    }

    @Test("addresses that did not serve are looked up again soon, but not time and again")
    func doubt() {
        var cache = Cache(lifetime: .seconds(60))
        _ = ask(&cache, at: 0)
        cache.found([1], for: "name", at: .seconds(0))
        cache.doubt("name")
        #expect(ask(&cache, at: 4) == "[1]")
        #expect(ask(&cache, at: 5) == "[1] again")
        cache.found([1], for: "name", at: .seconds(5))
        for _ in 0..<10 { cache.doubt("name") }
        #expect(ask(&cache, at: 9) == "[1]")
        #expect(ask(&cache, at: 10) == "[1] again")
    }
}
