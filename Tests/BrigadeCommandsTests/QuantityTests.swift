import Testing

@testable import BrigadeCommands

@Suite("numbers as people read them")
struct QuantityTests {
    @Test(
        "counts in groups of three digits",
        arguments: [
            (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (65_536, "65,536"), (100_000, "100,000"),
            (1_234_567, "1,234,567"), (-1, "-1"), (-1234, "-1,234"), (Int.max, "9,223,372,036,854,775,807"),
            (Int.min, "-9,223,372,036,854,775,808"),
        ]
    )
    func count(value: Int, text: String) {
        #expect(Quantity.count(value) == text)
    }

    @Test(
        "one thing, and any other number of them",
        arguments: [(0, "0 objects"), (1, "1 object"), (2, "2 objects"), (20_000, "20,000 objects")]
    )
    func counted(value: Int, text: String) {
        #expect(Quantity.counted(value, "object") == text)
    }

    @Test(
        "bytes in powers of 1,024",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (5 << 20, "5.0 MiB"),
            (5_368_709_120, "5.0 GiB"), (3 << 39, "1.5 TiB"), (1 << 50, "1.0 PiB"), (1 << 60, "1.0 EiB"),
            (Int.max, "8.0 EiB"),
        ]
    )
    func bytes(value: Int, text: String) {
        #expect(Quantity.bytes(value) == text)
    }

    @Test(
        "times in what fits their length",
        arguments: [
            (Duration.zero, "0.00 s"), (.milliseconds(4), "0.00 s"), (.milliseconds(425), "0.43 s"),
            (.milliseconds(9990), "9.99 s"), (.seconds(10), "10.0 s"), (.milliseconds(12_340), "12.3 s"),
            (.seconds(60), "1 min 0 s"), (.seconds(185), "3 min 5 s"), (.seconds(3599), "59 min 59 s"),
            (.seconds(3600), "1 h 0 min"), (.seconds(8069), "2 h 14 min"), (.seconds(360_000), "100 h 0 min"),
        ]
    )
    func duration(value: Duration, text: String) {
        #expect(Quantity.duration(value) == text)
    }

    @Test(
        "digits behind the point, rounded",
        arguments: [(0.05, 1, "0.1"), (1.996, 2, "2.00"), (1.006, 2, "1.01"), (2.5, 0, "3"), (-1.25, 1, "-1.3")]
    )
    func fixed(value: Double, digits: Int, text: String) {
        #expect(Quantity.fixed(value, digits) == text)
    }
}
