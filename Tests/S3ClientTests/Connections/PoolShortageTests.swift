import TestSupport
import Testing

@testable import S3Client

@Suite("A pool whose machine has nothing to open connections with")
struct PoolShortageTests {
    private typealias Machine = ConnectionPoolStateMachine<Int>

    /// Opens so many connections, which stay in use.
    private func pool(of count: Int, maximum: Int = 100) -> Machine {
        var machine = Machine(maximumConnections: maximum)
        for id in 0..<count {
            #expect(machine.acquire(id) == .dial(id))
            machine.dialSucceeded(id)
        }
        return machine
    }

    @Test("it makes do with the connections that it has, and nobody fails")
    func makesDo() {
        var machine = pool(of: 8)
        for id in 8..<12 { #expect(machine.acquire(id) == .dial(id)) }
        for id in 8..<12 {
            #expect(
                machine.dialFellShort(id, by: id, canWait: true, patience: .seconds(30), at: .zero) == (.wait, .none)
            )
        }
        #expect(machine.ceiling == 8)
        #expect(machine.acquire(12) == .wait)
        #expect(machine.release(0, isReusable: true) == (.park, .use(8, 0)))
        #expect(machine.release(1, isReusable: false) == (.close, .dial(9, 12)))
        #expect(machine.waiterCount == 3)
    }

    @Test("its ceiling rises by an eighth after a pause, and the pause doubles while that fails")
    func tries() {
        var machine = pool(of: 16)
        #expect(machine.acquire(16) == .dial(16))
        for waiter in 17..<27 { #expect(machine.acquire(waiter) == .dial(waiter)) }
        for id in 16..<27 { _ = machine.dialFellShort(id, by: id, canWait: true, patience: .seconds(30), at: .zero) }
        var now = Duration.zero
        for pause in [1, 2, 4, 8, 16, 30, 30] {
            now += .seconds(pause)
            #expect(machine.advance(to: now - .milliseconds(1)) == [])
            let wakes = machine.advance(to: now)
            #expect(wakes.count == 2, "an eighth of 16")
            for case .dial(let waiter, let id) in wakes {
                #expect(
                    machine.dialFellShort(id, by: waiter, canWait: true, patience: .seconds(30), at: now) == (
                        .wait, .none
                    )
                )
            }
            #expect(machine.ceiling == 16)
        }
    }

    @Test("when connections can be opened again, it comes back to its maximum")
    func recovers() {
        var machine = pool(of: 16, maximum: 24)
        for id in 16..<24 { #expect(machine.acquire(id) == .dial(id)) }
        for id in 16..<24 { _ = machine.dialFellShort(id, by: id, canWait: true, patience: .seconds(30), at: .zero) }
        var opened = 16
        for second in 1...4 {
            for case .dial(_, let id) in machine.advance(to: .seconds(second)) {
                machine.dialSucceeded(id)
                opened += 1
            }
        }
        #expect(opened == 24)
        #expect(machine.ceiling == 24)
        #expect(machine.shortage == nil)
        #expect(machine.waiterCount == 0)
    }

    @Test("without any connection one at a time tries, until patience is over and all fail", arguments: [1, 2, 4, 64])
    func patience(maximum: Int) {
        var machine = Machine(maximumConnections: maximum)
        #expect(machine.acquire(0) == .dial(0))
        #expect(machine.dialFellShort(0, by: 0, canWait: true, patience: .seconds(30), at: .zero) == (.wait, .none))
        #expect(machine.acquire(1) == .wait)
        var now = Duration.zero
        var attempts = 0
        while true {
            now += .seconds(1)
            guard case .dial(let waiter, let id)? = machine.advance(to: now).first else { continue }
            attempts += 1
            let (action, wake) = machine.dialFellShort(id, by: waiter, canWait: true, patience: .seconds(30), at: now)
            guard action == .fail else {
                #expect(action == .wait && wake == .none && now < .seconds(30))
                continue
            }
            #expect(wake == .fail([waiter == 0 ? 1 : 0]))
            break
        }
        #expect(now >= .seconds(30) && now <= .seconds(32))
        #expect((15...17).contains(attempts), "after 1 s, and then every 2 s")
        #expect(machine.waiterCount == 0)
        #expect(machine.connectionCount == 0)
    }

    @Test("with ports for few at first, more are opened after a minute, without a failure")
    func atFirst() {
        var machine = Machine(maximumConnections: 49, atFirst: 19)
        var actions = (0..<49).map { machine.acquire($0) }
        for case .dial(let id) in actions { machine.dialSucceeded(id) }
        #expect(actions.count { $0 != .wait } == 19)
        #expect(machine.advance(to: .seconds(59)) == [])
        var seconds = 60
        while machine.connectionCount < 49, seconds < 80 {
            for case .dial(_, let id) in machine.advance(to: .seconds(seconds)) { machine.dialSucceeded(id) }
            seconds += 1
        }
        #expect(seconds < 75 && machine.shortage == nil && machine.waiterCount == 0)
        actions = (0..<49).map { Machine(maximumConnections: 49, atFirst: 49 + $0).ceiling == 49 ? .wait : .fail }
        #expect(!actions.contains(.fail))
    }

    @Test("one connection is enough for patience to begin anew")
    func patienceBeginsAnew() {
        var machine = Machine(maximumConnections: 4)
        #expect(machine.acquire(0) == .dial(0))
        _ = machine.dialFellShort(0, by: 0, canWait: true, patience: .seconds(30), at: .zero)
        #expect(machine.advance(to: .seconds(29)) == [.dial(0, 1)])
        machine.dialSucceeded(1)
        #expect(machine.release(1, isReusable: false) == (.close, .none))
        #expect(machine.acquire(1) == .dial(2))
        #expect(
            machine.dialFellShort(2, by: 1, canWait: true, patience: .seconds(30), at: .seconds(40)) == (.wait, .none)
        )
    }

    @Test("whoever was cancelled meanwhile does not wait")
    func cancelled() {
        var machine = pool(of: 1)
        #expect(machine.acquire(1) == .dial(1))
        #expect(machine.dialFellShort(1, by: 1, canWait: false, patience: .seconds(30), at: .zero) == (.fail, .none))
        #expect(machine.waiterCount == 0)
    }

    @Test("the connection that was idle longest is the one to be given away")
    func yields() {
        var machine = pool(of: 3)
        for id in [2, 0, 1] { #expect(machine.release(id, isReusable: true) == (.park, .none)) }
        #expect(machine.takeOldestIdle() == 2)
        #expect(machine.connectionCount == 2)
        #expect(machine.acquire(7) == .use(1))
        #expect(machine.acquire(8) == .use(0))
        #expect(machine.takeOldestIdle() == nil)
    }

    @Test("random shortages leave no one waiting for nothing, and end", arguments: UInt64(1)...20)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var machine = Machine(maximumConnections: 12)
        var (leased, dialing, waiting) = ([Int](), [(id: Int, waiter: Int)](), Set<Int>())
        var (now, room, next, shortages) = (Duration.zero, 6, 0, 0)

        func carryOut(_ wake: Machine.WakeAction) {
            switch wake {
            case .none: break
            case .fail: Issue.record("patience is endless; seed \(seed)")
            case .use(let waiter, let id):
                #expect(waiting.remove(waiter) != nil)
                leased.append(id)
            case .dial(let waiter, let id):
                #expect(waiting.remove(waiter) != nil)
                dialing.append((id, waiter))
            }
        }

        func dialOne() {
            let (id, waiter) = dialing.removeFirst()
            if leased.count < room {
                machine.dialSucceeded(id)
                leased.append(id)
                return
            }
            shortages += 1
            let (action, wake) = machine.dialFellShort(
                id,
                by: waiter,
                canWait: true,
                patience: .seconds(1_000_000),
                at: now
            )
            #expect(action == .wait && wake == .none, "nothing is idle while somebody wants a connection; seed \(seed)")
            waiting.insert(waiter)
        }

        for _ in 0..<5_000 {
            switch random.number(0...4) {
            case 0:
                next += 1
                switch machine.acquire(next) {
                case .use(let id): leased.append(id)
                case .dial(let id): dialing.append((id, next))
                case .wait: waiting.insert(next)
                case .fail: Issue.record("it is not shut down; seed \(seed)")
                }
            case 1: if !dialing.isEmpty { dialOne() }
            case 2:
                guard !leased.isEmpty else { continue }
                let id = leased.remove(at: random.number(0...(leased.count - 1)))
                carryOut(machine.release(id, isReusable: false).1)
            case 3:
                now += .milliseconds(random.number(1...3000))
                for wake in machine.advance(to: now) { carryOut(wake) }
            default: if random.chance(oneIn: 20) { room = random.number(0...12) }
            }
            #expect(machine.connectionCount == leased.count + dialing.count, "seed \(seed)")
            #expect(machine.connectionCount <= machine.ceiling, "seed \(seed)")
            #expect(machine.waiterCount == waiting.count, "seed \(seed)")
        }
        #expect(shortages > 50)
        room = 12
        while !waiting.isEmpty || !dialing.isEmpty || !leased.isEmpty {
            if !dialing.isEmpty { dialOne() }
            if !leased.isEmpty { carryOut(machine.release(leased.removeFirst(), isReusable: false).1) }
            now += .seconds(1)
            for wake in machine.advance(to: now) { carryOut(wake) }
            guard now < .seconds(1_000_000) else {
                Issue.record("somebody waits for ever; seed \(seed)")
                return
            }
        }
    }
}
