import MachineTestSupport
import Testing

@testable import Machine

@Suite("Memory of the system")
struct SystemMemoryTests {
    private func memory(_ text: String) throws -> SystemMemory {
        try SystemMemory(parsing: KernelText(text, path: "meminfo"))
    }

    @Test("captured text")
    func captured() throws {
        let memory = try memory(CapturedText.meminfo)
        #expect(memory.total == ByteCount(kibibytes: 24_684_084))
        #expect(memory.available == ByteCount(kibibytes: 24_231_916))
    }

    @Test(
        "malformed text",
        arguments: [
            "", "MemTotal: 1 kB\n", "MemTotal: 1 kB\nMemAvailable: 1", "MemTotal: 1\nMemAvailable: 1 kB\n",
            "MemTotal: x kB\nMemAvailable: 1 kB\n", "MemTotal: 18446744073709551615 kB\nMemAvailable: 1 kB\n",
        ]
    )
    func malformed(text: String) throws {
        let error = #expect(throws: MachineError.self) { try memory(text) }
        #expect(error?.code == .malformed)
    }
}
