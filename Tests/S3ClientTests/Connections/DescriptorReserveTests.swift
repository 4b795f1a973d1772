import Glibc
import SystemPackage
import Testing

@testable import S3Client

@Suite("A reserve of descriptors")
struct DescriptorReserveTests {
    /// Leaves this process the descriptors that it has, and so many more.
    private static func leave(_ count: Int) {
        var number: CInt = 0
        var left = 0
        while left < count || fcntl(number, F_GETFD) != -1 {
            if fcntl(number, F_GETFD) == -1 { left += 1 }
            number += 1
        }
        var limit = rlimit(rlim_cur: rlim_t(number), rlim_max: 1024)
        #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    }

    @Test("what it gives up can be opened by others, and is taken back when they close it")
    func givesUp() async {
        await #expect(processExitsWith: .success) {
            let reserve = DescriptorReserve()
            Self.leave(0)
            #expect(throws: Errno.tooManyOpenFiles) { try FileDescriptor.open("/dev/null", .readOnly) }
            #expect(reserve.restore() == nil, "it is whole")

            reserve.giveUp()
            let others = try (0..<DescriptorReserve.size).map { _ in try FileDescriptor.open("/dev/null", .readOnly) }
            #expect(throws: Errno.tooManyOpenFiles) { try FileDescriptor.open("/dev/null", .readOnly) }
            try others[0].close()
            #expect(reserve.restore() == .tooManyOpenFiles)
            // What it could have of itself it has left again.
            try FileDescriptor.open("/dev/null", .readOnly).close()

            for other in others.dropFirst() { try other.close() }
            #expect(reserve.restore() == nil)
            #expect(throws: Errno.tooManyOpenFiles) { try FileDescriptor.open("/dev/null", .readOnly) }
        }
    }

    @Test("while it is given up, connections may be opened as long as there are as many descriptors beside")
    func leavesRoom() async {
        await #expect(processExitsWith: .success) {
            let reserve = DescriptorReserve()
            Self.leave(3)
            #expect(reserve.refusal() == nil, "it is whole")
            reserve.giveUp()
            // Three and eight are left.
            var others: [FileDescriptor] = []
            while reserve.refusal() == nil { others.append(try FileDescriptor.open("/dev/null", .readOnly)) }
            #expect(others.count == 3 && reserve.refusal() == .tooManyOpenFiles)
            try others[0].close()
            #expect(reserve.refusal() == nil)
            try FileDescriptor.open("/dev/null", .readOnly).close()

            Self.leave(4 * DescriptorReserve.size)
            #expect(reserve.refusal() == nil)
            Self.leave(0)
            #expect(throws: Errno.tooManyOpenFiles, "it was taken back, since there were plenty") {
                try FileDescriptor.open("/dev/null", .readOnly)
            }
            reserve.giveUpIfLast()
            try FileDescriptor.open("/dev/null", .readOnly).close()
        }
    }

    @Test("it does without where there are too few from the start")
    func beginsWithout() async {
        await #expect(processExitsWith: .success) {
            Self.leave(DescriptorReserve.size - 1)
            let reserve = DescriptorReserve()
            #expect(reserve.restore() == .tooManyOpenFiles)
            try FileDescriptor.open("/dev/null", .readOnly).close()
        }
    }
}
