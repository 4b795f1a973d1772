import MachineTestSupport
import Testing

@testable import Machine

@Suite("Resource limits")
struct ResourceLimitsTests {
    private func parse(_ text: String) throws -> ResourceLimits {
        try ResourceLimits(parsing: KernelText(text, path: "/proc/1/limits"))
    }

    @Test("captured text")
    func captured() throws {
        let limits = try parse(CapturedText.limits)
        #expect(limits[.openFiles] == ResourceLimit(soft: .at(1024), hard: .at(20_000)))
        #expect(limits[.stackSize] == ResourceLimit(soft: .at(8_388_608), hard: .unlimited))
        #expect(limits[.processorTime] == ResourceLimit(soft: .unlimited, hard: .unlimited))
        #expect(limits[.nicePriority] == ResourceLimit(soft: .at(0), hard: .at(0)))
        #expect(limits[.processes].soft == .at(96_365))
    }

    @Test("a resource that is not known is skipped")
    func unknownResource() throws {
        let more =
            CapturedText.limits + "Max open files and more   1                    1                    files     \n"
        #expect(try parse(more) == parse(CapturedText.limits))
    }

    @Test("text that is cut short is refused wherever it ends")
    func truncated() throws {
        for length in 0..<CapturedText.limits.utf8.count {
            let text = String(decoding: CapturedText.limits.utf8.prefix(length), as: UTF8.self)
            let error = #expect(throws: MachineError.self) { try parse(text) }
            #expect(error?.code == .malformed, "\(length) bytes")
        }
    }

    @Test(
        "values that are none are refused with their line",
        arguments: ["-1", "0x10", "1e3", "18446744073709551616", "Unlimited", "+1"]
    )
    func badValue(value: String) throws {
        let text = CapturedText.limits.replacing("1024 ", with: value + " ")
        let error = #expect(throws: MachineError.self) { try parse(text) }
        #expect(error?.code == .malformed)
        #expect(error?.line == 9)
        #expect(error?.description.hasPrefix("/proc/1/limits, line 9 is not in the format that is known") == true)
    }

    @Test("ceilings compare with unlimited above all")
    func ceilings() {
        #expect(Ceiling.at(.max) < .unlimited)
        #expect(Ceiling.at(1) < .at(2))
        #expect(min(Ceiling.unlimited, .at(5)) == .at(5))
        #expect("\(Ceiling.at(5)) \(Ceiling.unlimited)" == "5 unlimited")
    }
}
