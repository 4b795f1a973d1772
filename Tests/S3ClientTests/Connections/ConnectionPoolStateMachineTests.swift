import TestSupport
import Testing

@testable import S3Client

@Suite("The bookkeeping of the connection pool")
struct ConnectionPoolStateMachineTests {
    private typealias Machine = ConnectionPoolStateMachine<String>

    @Test("a caller who finds no idle connection dials, up to the maximum, and then waits")
    func dialsUpToMaximum() {
        var machine = Machine(maximumConnections: 2)
        #expect(machine.acquire("a") == .dial(0))
        #expect(machine.acquire("b") == .dial(1))
        #expect(machine.acquire("c") == .wait)
        #expect(machine.connectionCount == 2)
        #expect(machine.waiterCount == 1)
    }

    @Test("a connection that did its work goes to who waited longest, or stays open")
    func handsOver() {
        var machine = Machine(maximumConnections: 1)
        #expect(machine.acquire("a") == .dial(0))
        machine.dialSucceeded(0)
        #expect(machine.acquire("b") == .wait)
        #expect(machine.acquire("c") == .wait)
        #expect(machine.release(0, isReusable: true) == (.park, .use("b", 0)))
        #expect(machine.release(0, isReusable: true) == (.park, .use("c", 0)))
        #expect(machine.release(0, isReusable: true) == (.park, .none))
        #expect(machine.acquire("d") == .use(0))
    }

    @Test("the connection used last is used first, and none is closed for being idle")
    func lastInFirstOut() {
        var machine = Machine(maximumConnections: 3)
        for id in 0..<3 {
            #expect(machine.acquire("a") == .dial(id))
            machine.dialSucceeded(id)
        }
        for id in [1, 2, 0] { #expect(machine.release(id, isReusable: true) == (.park, .none)) }
        #expect(machine.connectionCount == 3)
        #expect(machine.acquire("a") == .use(0))
        #expect(machine.acquire("a") == .use(2))
        #expect(machine.acquire("a") == .use(1))
        #expect(machine.acquire("a") == .wait)
    }

    @Test("a connection that is spent, or could not be opened, leaves its place to the next who waits")
    func replaces() {
        var machine = Machine(maximumConnections: 1)
        #expect(machine.acquire("a") == .dial(0))
        #expect(machine.acquire("b") == .wait)
        #expect(machine.acquire("c") == .wait)
        #expect(machine.dialFailed(0, by: "a") == (.fail, .dial("b", 1)))
        machine.dialSucceeded(1)
        #expect(machine.release(1, isReusable: false) == (.close, .dial("c", 2)))
        machine.dialSucceeded(2)
        #expect(machine.release(2, isReusable: false) == (.close, .none))
        #expect(machine.connectionCount == 0)
        #expect(machine.acquire("d") == .dial(3))
    }

    @Test("a connection that closes while idle is forgotten; one in use leaves when it is released")
    func closed() {
        var machine = Machine(maximumConnections: 2)
        #expect(machine.acquire("a") == .dial(0))
        machine.dialSucceeded(0)
        #expect(machine.closed(0) == false)
        #expect(machine.connectionCount == 1)
        #expect(machine.release(0, isReusable: true) == (.park, .none))
        #expect(machine.closed(0) == true)
        #expect(machine.closed(0) == false)
        #expect(machine.acquire("b") == .dial(1))
    }

    @Test("who waits no longer is passed over")
    func cancel() {
        var machine = Machine(maximumConnections: 1)
        #expect(machine.acquire("a") == .dial(0))
        machine.dialSucceeded(0)
        #expect(machine.acquire("b") == .wait)
        #expect(machine.acquire("c") == .wait)
        #expect(machine.cancel("b") == true)
        #expect(machine.cancel("b") == false)
        #expect(machine.cancel("a") == false)
        #expect(machine.release(0, isReusable: true) == (.park, .use("c", 0)))
        #expect(machine.cancel("c") == false, "it was woken already")
    }

    @Test("after the end nothing is given out, and what comes back is closed")
    func shutDown() {
        var machine = Machine(maximumConnections: 3)
        for id in 0..<3 { #expect(machine.acquire("a") == .dial(id)) }
        machine.dialSucceeded(0)
        machine.dialSucceeded(1)
        #expect(machine.acquire("b") == .wait)
        #expect(machine.release(0, isReusable: false) == (.close, .dial("b", 3)))
        #expect(machine.acquire("c") == .wait)
        let (waiters, idle) = machine.shutDown()
        #expect(waiters == ["c"])
        #expect(idle == [])
        #expect(machine.acquire("d") == .fail)
        #expect(machine.release(1, isReusable: true) == (.close, .none))
        machine.dialSucceeded(2)
        #expect(machine.release(2, isReusable: true) == (.close, .none))
        #expect(machine.dialFailed(3, by: "d") == (.fail, .none))
        #expect(machine.connectionCount == 0)
    }

    @Test("whoever cannot open a connection waits for one of the others while there are any")
    func waitsForOthers() {
        var machine = Machine(maximumConnections: 3)
        #expect(machine.acquire("a") == .dial(0))
        machine.dialSucceeded(0)
        #expect(machine.acquire("b") == .dial(1))
        #expect(machine.dialFailed(1, by: "b") == (.wait, .none))
        #expect(machine.acquire("c") == .dial(2))
        #expect(machine.release(0, isReusable: true) == (.park, .use("b", 0)))
        #expect(machine.release(0, isReusable: true) == (.park, .none))
        #expect(machine.dialFailed(2, by: "c") == (.use(0), .none))
        #expect(machine.acquire("d") == .dial(3))
        #expect(machine.dialFailed(3, by: "d", canWait: false) == (.fail, .none))
        #expect(machine.acquire("e") == .dial(4))
        #expect(machine.dialFailed(4, by: "e") == (.wait, .none))
        #expect(machine.release(0, isReusable: false) == (.close, .dial("e", 5)))
        #expect(machine.dialFailed(5, by: "e") == (.fail, .none))
        #expect(machine.connectionCount == 0)
    }

    @Test("the end hands over the connections that are idle, to be closed")
    func shutDownIdle() {
        var machine = Machine(maximumConnections: 2)
        for id in 0..<2 {
            #expect(machine.acquire("a") == .dial(id))
            machine.dialSucceeded(id)
        }
        for id in 0..<2 { #expect(machine.release(id, isReusable: true) == (.park, .none)) }
        #expect(machine.shutDown().connections == [0, 1])
        #expect(machine.connectionCount == 0)
    }

    // MARK: Model

    /// Where each connection and each caller is, kept in the plainest way.
    private struct Model {
        var idle: [Int] = []
        var leased: [Int] = []
        var dialing: [Int] = []
        var waiting: [Int] = []
        var known: Set<Int> = []
        var count: Int { idle.count + leased.count + dialing.count }

        /// A dial was allowed: the number must be a new one.
        mutating func dial(_ id: Int) -> Bool {
            dialing.append(id)
            return known.insert(id).inserted
        }

        /// Whoever waited longest is woken; true if it is this one.
        mutating func wake(_ waiter: Int) -> Bool {
            !waiting.isEmpty && waiting.removeFirst() == waiter
        }
    }

    @Test("random operations keep the maximum, forget no one and give no connection twice", arguments: UInt64(1)...20)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let maximum = random.number(1...5)
        var machine = ConnectionPoolStateMachine<Int>(maximumConnections: maximum)
        var model = Model()
        var wakes = 0

        func carryOut(_ wake: ConnectionPoolStateMachine<Int>.WakeAction, reused: Int?, _ note: Comment) {
            switch wake {
            case .none: #expect(model.waiting.isEmpty, note)
            case .fail: Issue.record("nothing was short; \(note)")
            case .use(let waiter, let id):
                let isNext = model.wake(waiter)
                #expect(isNext && id == reused, note)
                model.idle.removeAll { $0 == id }
                model.leased.append(id)
                wakes += 1
            case .dial(let waiter, let id):
                let isNext = model.wake(waiter)
                let isNew = model.dial(id)
                #expect(isNext && isNew, note)
                wakes += 1
            }
        }

        for step in 0..<10_000 {
            let note: Comment = "seed \(seed), step \(step)"
            switch random.number(0...5) {
            case 0, 1:
                switch machine.acquire(step) {
                case .use(let id):
                    #expect(model.idle.last == id, note)
                    #expect(model.waiting.isEmpty, note)
                    model.leased.append(model.idle.removeLast())
                case .dial(let id):
                    #expect(model.idle.isEmpty && model.count < maximum, note)
                    let isNew = model.dial(id)
                    #expect(isNew, note)
                case .wait:
                    #expect(model.idle.isEmpty && model.count == maximum, note)
                    model.waiting.append(step)
                case .fail: Issue.record(note)
                }
            case 2:
                guard !model.leased.isEmpty else { continue }
                let id = model.leased.remove(at: random.number(0...(model.leased.count - 1)))
                let isReusable = !random.chance(oneIn: 4)
                let (action, wake) = machine.release(id, isReusable: isReusable)
                #expect(action == (isReusable ? .park : .close), note)
                if isReusable { model.idle.append(id) }
                carryOut(wake, reused: isReusable ? id : nil, note)
            case 3:
                guard !model.dialing.isEmpty else { continue }
                let id = model.dialing.remove(at: random.number(0...(model.dialing.count - 1)))
                if random.chance(oneIn: 3) {
                    let (action, wake) = machine.dialFailed(id, by: step)
                    switch action {
                    case .fail:
                        #expect(model.leased.isEmpty && model.idle.isEmpty, note)
                        carryOut(wake, reused: nil, note)
                    case .use(let idle):
                        #expect(model.idle.last == idle, note)
                        model.leased.append(model.idle.removeLast())
                    case .wait:
                        #expect(model.idle.isEmpty && !model.leased.isEmpty, note)
                        model.waiting.append(step)
                    }
                } else {
                    machine.dialSucceeded(id)
                    model.leased.append(id)
                }
            case 4:
                guard let id = model.known.isEmpty ? nil : random.number(0...model.known.count) else { continue }
                let isIdle = model.idle.contains(id)
                #expect(machine.closed(id) == isIdle, note)
                model.idle.removeAll { $0 == id }
            default:
                let waiter = model.waiting.isEmpty || random.chance(oneIn: 2) ? -1 : random.pick(model.waiting)
                #expect(machine.cancel(waiter) == model.waiting.contains(waiter), note)
                model.waiting.removeAll { $0 == waiter }
            }
            #expect(machine.connectionCount == model.count, note)
            #expect(machine.connectionCount <= maximum, note)
            #expect(machine.waiterCount == model.waiting.count, note)
            let someoneWillWake = !model.leased.isEmpty || !model.dialing.isEmpty
            #expect(model.waiting.isEmpty || someoneWillWake, "someone waits for nothing; \(note)")
        }
        #expect(wakes > 50, "the queue has to have been used")
        let (waiters, idle) = machine.shutDown()
        #expect(waiters == model.waiting, "seed \(seed)")
        #expect(idle == model.idle, "seed \(seed)")
    }
}
