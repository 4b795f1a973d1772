import Brigade
import Glibc
import Testing

@Suite("descriptors of Swift's runtime")
struct RuntimeDescriptorsTests {
    /// Leaves this process no descriptor that it has not got.
    private static func takeDescriptorsAway() {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    @Test("who has looked at the machine can sleep when no descriptor is left")
    func sleeps() async {
        await #expect(processExitsWith: .success) {
            _ = await MachineReading.take(towards: [])
            Self.takeDescriptorsAway()
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    @Test("who has not looked cannot")
    func isNeeded() async {
        await #expect(processExitsWith: .failure) {
            Self.takeDescriptorsAway()
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}
