import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import S3Client

@Suite("A reserve of descriptors")
struct DescriptorReserveTests {
    /// So many descriptors, all alike.
    private final class Table: DescriptorTable {
        let left: Mutex<Int>

        init(_ count: Int) { left = Mutex(count) }

        func open() throws(Errno) -> FileDescriptor {
            guard take() else { throw .tooManyOpenFiles }
            return FileDescriptor(rawValue: 0)
        }

        func close(_ descriptor: FileDescriptor) { left.withLock { $0 += 1 } }

        func descriptorsLeft(atMost most: Int) -> Int { min(count, most) }

        var count: Int { left.withLock(\.self) }

        /// Takes one for something else.
        func take() -> Bool {
            left.withLock { left in
                guard left > 0 else { return false }
                left -= 1
                return true
            }
        }
    }

    @Test("what it gives up others can open, and it is taken back when they close it")
    func givesUp() {
        let table = Table(8)
        let reserve = DescriptorReserve(8, in: table)
        #expect(table.count == 0 && reserve.restore() == nil && reserve.refusal() == nil)
        reserve.giveUp()
        #expect(table.count == 8 && table.take())
        #expect(reserve.restore() == .tooManyOpenFiles)
        #expect(table.count == 7, "what it could have of itself it has left again")
        table.close(FileDescriptor(rawValue: 0))
        #expect(reserve.restore() == nil && table.count == 0)
    }

    @Test("while it is given up, connections may be opened as long as there are as many descriptors beside")
    func leavesRoom() {
        let table = Table(11)
        let reserve = DescriptorReserve(8, in: table)
        reserve.giveUp()
        var opened = 0
        while reserve.refusal() == nil, table.take() { opened += 1 }
        #expect(opened == 3 && table.count == 8 && reserve.refusal() == .tooManyOpenFiles)
        table.close(FileDescriptor(rawValue: 0))
        #expect(reserve.refusal() == nil)
    }

    @Test("when there are plenty again, it is taken back")
    func plenty() {
        let table = Table(40)
        let reserve = DescriptorReserve(8, in: table)
        reserve.giveUp()
        #expect(reserve.refusal() == nil && table.count == 32)
    }

    @Test("it is given up as soon as nothing is left beside it")
    func last() {
        let table = Table(9)
        let reserve = DescriptorReserve(8, in: table)
        reserve.giveUpIfLast()
        #expect(table.count == 1)
        #expect(table.take())
        reserve.giveUpIfLast()
        #expect(table.count == 8)
    }

    @Test("it does without where there are too few from the start")
    func beginsWithout() {
        let table = Table(7)
        let reserve = DescriptorReserve(8, in: table)
        #expect(table.count == 7 && reserve.restore() == .tooManyOpenFiles)
    }

    @Test("the process's own descriptors are opened, closed and counted")
    func processDescriptors() throws {
        let table = ProcessDescriptors()
        let descriptor = try table.open()
        #expect(fcntl(descriptor.rawValue, F_GETFD) == FD_CLOEXEC)
        table.close(descriptor)
        #expect(table.descriptorsLeft(atMost: 5) == 5)
    }
}
