import MachineTestSupport
import Testing

@testable import Machine

@Suite("Local ports")
struct LocalPortRangeTests {
    private func ports(_ range: String, _ reserved: String = "\n") throws -> LocalPortRange {
        try LocalPortRange(range: KernelText(range, path: "range"), reserved: KernelText(reserved, path: "reserved"))
    }

    @Test("the default range has 28,232 ports")
    func standard() throws {
        #expect(try ports("32768\t60999\n").usableCount == 28_232)
        #expect(try ports("1\t65535\n").usableCount == 65_535)
        #expect(try ports("5000\t5000\n").usableCount == 1)
    }

    @Test(
        "reserved ports count as far as they lie in the range",
        arguments: [
            ("1000\n", 50), ("40000\n", 49), ("40000-40009\n", 40), ("39990-40009,40049\n", 39),
            ("40040-41000\n", 40), ("1-65535\n", 0), ("39999,40050\n", 50), ("40000,40002-40003,50000\n", 47),
        ]
    )
    func reserved(reserved: String, usable: Int) throws {
        #expect(try ports("40000\t40049\n", reserved).usableCount == usable)
    }

    @Test(
        "malformed ranges",
        arguments: ["", "\n", "32768\t6099", "32768\n", "2\t1\n", "1\t65536\n", "-1\t5\n", "1\t2\t3\n", "1\t2\n\n"]
    )
    func malformedRange(text: String) throws {
        let error = #expect(throws: MachineError.self) { try ports(text) }
        #expect(error?.code == .malformed)
        #expect(error?.path == "range")
    }

    @Test(
        "malformed lists of reserved ports",
        arguments: ["", "80", "80,\n", ",\n", "80-\n", "80-70\n", "1-2-3\n", "80,80\n", "90,80\n", "70000\n", "x\n"]
    )
    func malformedReserved(text: String) throws {
        let error = #expect(throws: MachineError.self) { try ports("32768\t60999\n", text) }
        #expect(error?.code == .malformed)
        #expect(error?.path == "reserved")
    }
}
