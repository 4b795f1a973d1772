import Glibc
import SystemPackage
import Testing

@testable import S3Client

@Suite("A reserve of descriptors")
struct DescriptorReserveTests {
    /// Leaves this process the descriptors that it has, and so many more.
    private static func leave(_ count: Int) throws {
        let next = try FileDescriptor.open("/dev/null", .readOnly)
        try next.close()
        var limit = rlimit(rlim_cur: rlim_t(Int(next.rawValue) + count), rlim_max: 1024)
        #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    }

    @Test("what it gives up can be opened by others, and is taken back when they close it")
    func givesUp() async {
        await #expect(processExitsWith: .success) {
            let reserve = DescriptorReserve()
            try Self.leave(0)
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

    @Test("it does without where there are too few from the start")
    func beginsWithout() async {
        await #expect(processExitsWith: .success) {
            try Self.leave(DescriptorReserve.size - 1)
            let reserve = DescriptorReserve()
            #expect(reserve.restore() == .tooManyOpenFiles)
            try FileDescriptor.open("/dev/null", .readOnly).close()
        }
    }
}
