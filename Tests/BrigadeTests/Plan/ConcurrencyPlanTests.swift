import Machine
import Testing

@testable import Brigade

@Suite("The fit of a job to what the machine allows")
struct ConcurrencyPlanTests {
    /// A wish beside so many connections, and what comes of it.
    struct Fit: Sendable, CustomTestStringConvertible {
        var copies: Int
        var fetchers = 16
        var option: Int?
        /// Connections that the machine allows; `nil` for any number.
        var allowed: Int?
        var shares = true
        /// Copies, fetchers, connections, and connections to one host.
        var plan: [Int]

        var testDescription: String {
            "\(copies) and \(fetchers) wanted, \(option.map(String.init) ?? "-") and \(allowed.map(String.init) ?? "-") "
                + "allowed, \(shares ? "one host" : "two hosts")"
        }
    }

    /// A budget of so many connections.
    private func budget(_ allowed: Int?) -> ConnectionBudget {
        var reading = SampleMachine(soft: allowed.map { UInt64($0) + 42 }, ways: []).reading
        let error = MachineError(code: .unavailable, path: "-", reason: "-")
        reading.system = .failure(error)
        reading.memory = .failure(error)
        return ConnectionBudget(reading, usesTLS: false)
    }

    @Test(
        "as many copies and fetchers as asked for, or as connections allow",
        arguments: [
            Fit(copies: 256, allowed: nil, plan: [256, 16, 260, 260]),
            Fit(copies: 65_536, fetchers: 1024, allowed: nil, plan: [65_536, 1024, 65_540, 65_540]),
            Fit(copies: 256, allowed: 260, plan: [256, 16, 260, 260]),
            Fit(copies: 256, allowed: 259, plan: [256, 16, 259, 259]),
            Fit(copies: 256, allowed: 49, plan: [49, 12, 49, 49]),
            Fit(copies: 256, allowed: 22, plan: [22, 5, 22, 22]),
            Fit(copies: 256, allowed: 3, plan: [3, 1, 3, 3]),
            Fit(copies: 256, allowed: 1, plan: [1, 1, 1, 1]),
            Fit(copies: 1, fetchers: 1, allowed: 2, plan: [1, 1, 2, 2]),
            Fit(copies: 1, fetchers: 1, allowed: 1, plan: [1, 1, 1, 1]),
            Fit(copies: 256, option: 100, allowed: 1000, plan: [100, 16, 100, 100]),
            Fit(copies: 256, option: 100, allowed: 50, plan: [50, 12, 50, 50]),
            Fit(copies: 256, option: 1, allowed: nil, plan: [1, 1, 1, 1]),
            Fit(copies: 256, allowed: 272, shares: false, plan: [256, 16, 272, 256]),
            Fit(copies: 256, allowed: 100, shares: false, plan: [84, 16, 100, 84]),
            Fit(copies: 4, fetchers: 64, allowed: 20, shares: false, plan: [4, 5, 9, 5]),
            Fit(copies: 256, allowed: 2, shares: false, plan: [1, 1, 2, 1]),
            Fit(copies: 256, option: 1, allowed: nil, shares: false, plan: [1, 1, 2, 1]),
            Fit(copies: 4, fetchers: 64, allowed: 1000, shares: false, plan: [4, 64, 68, 64]),
            Fit(copies: 0, fetchers: 64, allowed: 1000, plan: [0, 64, 64, 64]),
            Fit(copies: 0, fetchers: 64, allowed: 22, plan: [0, 22, 22, 22]),
            Fit(copies: 0, fetchers: 64, option: 5, allowed: 22, plan: [0, 5, 5, 5]),
            Fit(copies: 0, fetchers: 64, allowed: 1, plan: [0, 1, 1, 1]),
        ]
    )
    func fits(_ fit: Fit) throws {
        let wish = ConcurrencyPlan.Wish(
            copies: fit.copies,
            fetchers: fit.fetchers,
            maximumConnections: fit.option,
            sharesConnections: fit.shares
        )
        let plan = try ConcurrencyPlan(wish, within: budget(fit.allowed))
        let now = plan.now
        #expect([now.copies, now.fetchers, now.connections, plan.maximumConnections] == fit.plan)
        #expect(plan.later == now && plan.connectionsAtFirst == plan.maximumConnections)
        #expect(plan.isReduced == ([fit.copies, fit.fetchers] != Array(fit.plan.prefix(2))))
        if let allowed = fit.allowed { #expect(now.connections <= allowed) }
        let beside = fit.copies > 0 && fit.shares ? min(fit.fetchers, 4) : fit.fetchers
        let isCut = now.connections < fit.copies + beside
        switch plan.decision {
        case .wish: #expect(!plan.isReduced)
        case .maximumConnections: #expect(isCut && fit.option ?? .max < fit.allowed ?? .max)
        case .limit(let limit):
            #expect(isCut && limit.kind == .descriptors && fit.allowed ?? .max <= fit.option ?? .max)
        }
    }

    @Test("where not even one connection fits, the job is refused with the figures and what to do")
    func tooFew() {
        let wish = ConcurrencyPlan.Wish(copies: 1, fetchers: 1)
        let cases: [(SampleMachine, [String])] = [
            (SampleMachine(soft: 16), ["may have 16 descriptors open and has 10;", "ulimit -Hn"]),
            (SampleMachine(fileMaximum: 100, filesInUse: 98), ["98 of the 100 files", "fs.file-max"]),
            (SampleMachine(ways: [SampleMachine.way(available: 0)]), ["no local port", "no route"]),
            (
                SampleMachine(ways: [SampleMachine.way(available: 50, used: 50)]),
                ["50 of the 50 local ports", "ip_local_port_range"]
            ),
            (SampleMachine(tracking: (99, 100)), ["99 of the 100 connections", "nf_conntrack_max"]),
        ]
        for (machine, texts) in cases {
            let error = #expect(throws: BrigadeError.self) { try ConcurrencyPlan(wish, within: machine.budget) }
            #expect(error?.code == .invalidJob)
            for text in texts { #expect(error?.message.contains(text) == true, "\(error?.message ?? "")") }
        }
    }

    @Test("two hosts need two connections")
    func twoHosts() {
        let wish = ConcurrencyPlan.Wish(copies: 1, fetchers: 1, sharesConnections: false)
        let error = #expect(throws: BrigadeError.self) { try ConcurrencyPlan(wish, within: budget(1)) }
        #expect(error?.message.contains("2 connections, one for listing and one for copying") == true)
    }

    @Test("ports that are in TIME_WAIT come free: the job begins with fewer, or with the least")
    func timeWait() throws {
        for (waiting, first) in [(50, [1, 1, 1]), (30, [19, 4, 19])] {
            let way = SampleMachine.way(available: 50, used: waiting, timeWait: waiting)
            let budget = SampleMachine(ways: [way]).budget
            let plan = try ConcurrencyPlan(.init(copies: 256, fetchers: 16), within: budget)
            #expect([plan.now.copies, plan.now.fetchers, plan.now.connections] == first)
            #expect([plan.later.copies, plan.later.fetchers, plan.later.connections] == [49, 12, 49])
            #expect(plan.connectionsAtFirst == first[2] && plan.maximumConnections == 49)
            #expect(plan.decision == .limit(try #require(budget.binding)))
        }
    }

    @Test("of two hosts, the copies have the ports of the one, and the fetchers those of the other")
    func portsOfTwoHosts() throws {
        let hosts = [1, 2].map { IPEndpoint(address: IPAddress(ipv4: 0x0A00_0000 + $0), port: 443) }
        for (ports, most) in [([50, 50], [49, 16]), ([10, 1000], [256, 10]), ([1000, 50], [49, 16])] {
            var machine = SampleMachine()
            machine.ways = zip(hosts, ports).map { host, available in
                var way = SampleMachine.way(available: available)
                way.remote = host
                return way
            }
            var wish = ConcurrencyPlan.Wish(copies: 256, fetchers: 16, sharesConnections: false)
            (wish.source, wish.destination) = ([hosts[0]], [hosts[1]])
            let plan = try ConcurrencyPlan(wish, within: machine.budget)
            #expect([plan.now.copies, plan.now.fetchers] == most)
            guard case .limit(let limit) = plan.decision else {
                Issue.record("ports decide, not \(plan.decision)")
                continue
            }
            #expect(limit.kind == .localPorts)
        }
    }
}
