import TestSupport
import Testing

@testable import S3Client

@Suite("Which way connections go")
struct RouteTableTests {
    private typealias Table = RouteTable<String>
    private static let refused: Int32 = 111
    private static let noPort: Int32 = 99

    private var random = SeededGenerator(seed: 1)

    private func table(_ remotes: [String], from sources: [String?] = [nil]) -> Table {
        var table = Table()
        table.update(routes(remotes, from: sources), at: .zero)
        return table
    }

    private func routes(_ remotes: [String], from sources: [String?] = [nil]) -> [Route<String>] {
        remotes.flatMap { remote in sources.map { Route(source: $0, remote: remote) } }
    }

    /// Opens connections, each on its first route.
    private mutating func open(_ count: Int, in table: inout Table, at now: Duration = .zero) throws -> [Table.RouteID]
    {
        var routes: [Table.RouteID] = []
        for _ in 0..<count {
            var attempt = Table.Attempt()
            let route = try begin(&table, &attempt, at: now)
            table.opened(route)
            routes.append(route)
        }
        return routes
    }

    private mutating func begin(
        _ table: inout Table,
        _ attempt: inout Table.Attempt,
        at now: Duration
    ) throws -> Table.RouteID {
        let route = table.begin(&attempt, at: now, using: &random)
        return try #require(route)
    }

    private func open(_ table: Table) -> [String: Int] {
        Dictionary(table.entries.map { ($0.route.remote, $0.open) }, uniquingKeysWith: +)
    }

    @Test("all addresses of a name are used evenly, beginning with any of them")
    mutating func even() throws {
        var first: Set<String> = []
        for _ in 0..<40 {
            var table = table(["a", "b", "c", "d"])
            let routes = try open(256, in: &table)
            first.insert(table.route(routes[0]).remote)
            #expect(open(table) == ["a": 64, "b": 64, "c": 64, "d": 64])
        }
        #expect(first == ["a", "b", "c", "d"])
    }

    @Test("connections are spread over the pairs of source and remote addresses")
    mutating func pairs() throws {
        var table = table(["a", "b"], from: ["x", "y", "z"])
        _ = try open(60, in: &table)
        #expect(table.entries.map(\.open) == [10, 10, 10, 10, 10, 10])
        #expect(table.entries.map(\.local) == ["x", "y", "z", "x", "y", "z"])
    }

    @Test("whoever is refused goes to the other addresses, each once, and the dead one is set aside")
    mutating func dead() throws {
        var table = table(["dead", "b", "c"])
        for _ in 0..<30 {
            var attempt = Table.Attempt()
            while let route = table.begin(&attempt, at: .zero, using: &random) {
                guard table.route(route).remote == "dead" else {
                    table.opened(route)
                    break
                }
                table.failed(
                    route,
                    errno: Self.refused,
                    blaming: .remote,
                    at: .zero,
                    in: &attempt,
                    using: &random
                )
            }
        }
        #expect(open(table) == ["dead": 0, "b": 15, "c": 15])
        #expect(table.entries[0].tally.failedToOpen == [Self.refused: 1], "one attempt was enough to know")
    }

    @Test("the back-off doubles to a minute, one at a time tries, and success ends it")
    mutating func backOff() throws {
        var table = table(["dead", "b"])
        var now = Duration.zero
        var waits: [Duration] = []
        for _ in 0..<10 {
            let before = now
            // The moment when the dead address, which has fewer connections, is chosen again.
            var attempt = Table.Attempt()
            var route = try begin(&table, &attempt, at: now)
            while table.route(route).remote != "dead" {
                table.opened(route)
                now += .milliseconds(250)
                attempt = Table.Attempt()
                route = try begin(&table, &attempt, at: now)
            }
            waits.append(now - before)
            var second = Table.Attempt()
            let other = try begin(&table, &second, at: now)
            if waits.count > 1 { #expect(table.route(other).remote == "b", "one is trying it already") }
            let error = Self.refused
            if table.route(other).remote == "b" {
                table.opened(other)
            } else {
                table.failed(other, errno: error, blaming: .remote, at: now, in: &second, using: &random)
            }
            table.failed(route, errno: error, blaming: .remote, at: now, in: &attempt, using: &random)
            let last = try begin(&table, &attempt, at: now)
            #expect(table.route(last).remote == "b")
        }
        for (wait, expected) in zip(waits.dropFirst(), [1, 2, 4, 8, 16, 32, 60, 60, 60]) {
            #expect(wait >= .seconds(expected) * 0.75 && wait <= .seconds(expected) * 1.25 + .milliseconds(250))
        }
        now += .seconds(80)
        var attempt = Table.Attempt()
        let route = try begin(&table, &attempt, at: now)
        #expect(table.route(route).remote == "dead")
        table.opened(route)
        _ = try open(20, in: &table, at: now)
        #expect(open(table)["dead", default: 0] > 10, "it is used like the others")
    }

    @Test("when every address is set aside, one is tried all the same, and no second")
    mutating func lastResort() throws {
        var table = table(["a", "b"])
        for _ in 0..<5 {
            var attempt = Table.Attempt()
            var tried: [String] = []
            while let route = table.begin(&attempt, at: .zero, using: &random) {
                tried.append(table.route(route).remote)
                table.failed(route, errno: Self.refused, blaming: .remote, at: .zero, in: &attempt, using: &random)
            }
            #expect(tried.count == Set(tried).count && !tried.isEmpty)
        }
        #expect(table.entries.map { $0.tally.failedToOpen[Self.refused, default: 0] }.reduce(0, +) == 6)
    }

    @Test("a pair without ports is set aside alone; what the machine lacks is no address's fault")
    mutating func blame() throws {
        var table = table(["a"], from: ["x", "y"])
        var attempt = Table.Attempt()
        let first = try begin(&table, &attempt, at: .zero)
        table.failed(first, errno: Self.noPort, blaming: .route, at: .zero, in: &attempt, using: &random)
        let second = try begin(&table, &attempt, at: .zero)
        #expect(table.route(second).source != table.route(first).source)
        table.failed(second, errno: 24, blaming: .none, at: .zero, in: &attempt, using: &random)
        var next = Table.Attempt()
        let again = try begin(&table, &next, at: .zero)
        #expect(again == second)
    }

    @Test("new addresses are used, and those that vanished get no connection any more")
    mutating func update() throws {
        var table = table(["a", "b"])
        let opened = try open(20, in: &table)
        table.update(routes(["b", "c"]), at: .seconds(60))
        _ = try open(20, in: &table, at: .seconds(60))
        #expect(open(table) == ["a": 10, "b": 15, "c": 15])
        table.update(routes(["a", "b", "c"]), at: .seconds(120))
        _ = try open(5, in: &table, at: .seconds(120))
        #expect(open(table)["a"] == 15)
        for route in opened where table.route(route).remote == "a" { table.closed(route, .announced, requests: 3) }
        #expect(open(table)["a"] == 5)
        #expect(table.entries[0].tally.ended == [.announced: 10])
        #expect(table.entries[0].tally.requests == 30)
        #expect(table.entries[0].tally.open == 5)
    }

    @Test("connections of an address that is long gone are surplus, one after the other, and no sooner")
    mutating func drains() throws {
        var table = table(["a", "b"])
        _ = try open(6, in: &table)
        table.update(routes(["b"]), at: .seconds(60))
        #expect(table.surplus(at: .seconds(60) + Table.absenceAllowed - .seconds(1)) == nil)
        let now = Duration.seconds(60) + Table.absenceAllowed
        for _ in 0..<3 {
            let route = try #require(table.surplus(at: now))
            #expect(table.route(route).remote == "a")
            table.closed(route, .moved, requests: 1)
        }
        #expect(table.surplus(at: now) == nil)
    }

    @Test("an address that came back gets its share from the others, and then all is at rest")
    mutating func balances() throws {
        var table = table(["a", "b", "c"])
        _ = try open(90, in: &table)
        #expect(table.surplus(at: .zero) == nil)
        table.update(routes(["a", "b", "c", "new"]), at: .zero)
        var moves = 0
        while let route = table.surplus(at: .zero), moves < 100 {
            table.closed(route, .moved, requests: 1)
            _ = try open(1, in: &table)
            moves += 1
        }
        #expect(moves < 30)
        let counts = open(table).values
        #expect(counts.reduce(0, +) == 90)
        #expect(try #require(counts.min()) >= 15)
    }

    @Test("what is remembered of addresses is bounded, and adds up")
    mutating func bounded() throws {
        var table = Table()
        for round in 0..<200 {
            table.update(routes((0..<8).map { "\(round)-\($0)" }), at: .seconds(60 * round))
            for route in try open(16, in: &table, at: .seconds(60 * round)) { table.closed(route, .idle, requests: 2) }
        }
        #expect(table.entries.count <= Table.maximumRoutes)
        var sum = table.forgotten
        for entry in table.entries { sum += entry.tally }
        #expect(sum.opened == 200 * 16)
        #expect(sum.requests == 2 * 200 * 16)
        #expect(sum.ended == [.idle: 200 * 16])
        #expect(sum.open == 0)
    }
}
