import ArgumentParser
import LocalS3
import SampleKeyspaces
import Testing

@testable import BrigadeCommands

@Suite("values of options")
struct ArgumentTests {
    // MARK: Times

    @Test(
        "a time is a number and its unit",
        arguments: [
            ("20ms", Duration.milliseconds(20)), ("0s", .zero), ("1.5s", .milliseconds(1500)), ("2m", .seconds(120)),
            ("5h", .seconds(18_000)), ("-1h", .seconds(-3600)), ("+0.25ms", .microseconds(250)),
        ]
    )
    func time(argument: String, duration: Duration) {
        #expect(DurationArgument(argument: argument)?.duration == duration)
    }

    @Test(
        "anything else is no time",
        arguments: ["", "20", "ms", "s", "1 s", "1d", "1us", "1,5s", "infs", "nans", "1e9h", "--1s", "s1"]
    )
    func noTime(argument: String) {
        #expect(DurationArgument(argument: argument) == nil)
    }

    // MARK: Faults

    /// What the arguments make of faults that were none.
    private func faults(_ arguments: String...) throws -> Faults {
        var faults = Faults()
        for argument in arguments { try #require(FaultArgument(argument: argument)).apply(&faults) }
        return faults
    }

    private static let settings: [(argument: String, change: @Sendable (inout Faults) -> Void)] = [
        ("internal-error=0.25", { $0.internalErrorProbability = 0.25 }),
        ("reset=1", { $0.resetProbability = 1 }),
        ("error-in-body=0", { $0.errorInBodyProbability = 0 }),
        ("error-in-body=0.5", { $0.errorInBodyProbability = 0.5 }),
        ("truncated-page=0.01", { $0.truncatedPageProbability = 0.01 }),
        ("slow-down-above=3500", { $0.slowDownAboveRequestsPerSecond = 3500 }),
        ("close-after=100", { $0.closeAfterRequests = 100 }),
        ("short-page=7", { $0.shortPageMaximum = 7 }),
        ("seed=42", { $0.seed = 42 }),
        ("close-idle-after=5s", { $0.closeIdleAfter = .seconds(5) }),
        ("clock-offset=-1h", { $0.clockOffset = .seconds(-3600) }),
        ("deny-prefix=private/a=b", { $0.deniedKeyPrefixes = ["private/a=b"] }),
        ("refuse=AccessDenied:0.01", { $0.refusals = [Refusal(code: "AccessDenied", share: 0.01)] }),
        ("corrupt-copy=0.5", { $0.corruptCopyShare = 0.5 }),
        ("lost-copy=1", { $0.lostCopyShare = 1 }),
        ("delay=0.1:20ms", { ($0.delayProbability, $0.delay) = (0.1, .milliseconds(20)) }),
        ("expire-after=500", { $0.expireAfterRequests = 500 }),
        ("copy-conditions=ignored", { $0.copyConditions = .ignored }),
        ("copy-conditions=refused", { $0.copyConditions = .refused }),
    ]

    @Test("each fault sets what it is named for, and nothing else", arguments: settings.indices)
    func fault(index: Int) throws {
        let (argument, change) = Self.settings[index]
        var expected = Faults()
        change(&expected)
        #expect(try faults(argument) == expected, "\(argument)")
    }

    @Test("faults add up, prefixes too")
    func severalFaults() throws {
        var expected = Faults()
        expected.resetProbability = 0.5
        expected.seed = 2
        expected.deniedKeyPrefixes = ["a", "b"]
        #expect(try faults("reset=0.1", "deny-prefix=a", "seed=2", "reset=0.5", "deny-prefix=b") == expected)
    }

    @Test(
        "what is not NAME=VALUE of the list, or out of bounds, is no fault",
        arguments: [
            "", "reset", "=1", "resets=0.1", "reset=", "reset=1.01", "reset=-0.1", "reset=nan", "reset=often",
            "close-after=0", "close-after=-1", "close-after=1.5", "short-page=many", "seed=0", "clock-offset=3600",
            "close-idle-after=5", "refuse=0.1", "refuse=:0.1", "refuse=AccessDenied:2", "refuse=AccessDenied",
            "delay=0.1",
            "delay=2:1s", "delay=0.1:-1s", "copy-conditions=maybe", "expire-after=0", "corrupt-copy=1.5",
        ]
    )
    func noFault(argument: String) {
        #expect(FaultArgument(argument: argument) == nil)
    }

    @Test("the help names every fault", arguments: settings.indices)
    func help(index: Int) throws {
        let name = try #require(Self.settings[index].argument.split(separator: "=").first)
        #expect(FaultArgument.help.contains(name))
    }

    // MARK: Buckets to begin with

    @Test(
        "a bucket and how many objects it begins with",
        arguments: [("source=0", "source", 0), ("a-bucket=100000000", "a-bucket", 100_000_000)]
    )
    func populate(argument: String, bucket: String, count: Int) throws {
        let populate = try #require(PopulateArgument(argument: argument))
        #expect(populate.bucket == bucket)
        #expect(populate.count == count)
        #expect(populate.kind == .numbers)
    }

    @Test("a bucket's keys are of a kind, which the help explains", arguments: SampleKind.allCases)
    func keys(kind: SampleKind) throws {
        #expect(try #require(PopulateArgument(argument: "a=1:\(kind.rawValue)")).kind == kind)
        #expect(ServeCommand.helpMessage(columns: 200).contains("  \(kind.rawValue): \(kind.summary)\n"))
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "source", "source=", "source=-1", "source=1e3", "a=b=3", "a=100000001", "a=5:", "a=5:what", "a=:hex",
        ]
    )
    func noPopulate(argument: String) {
        #expect(PopulateArgument(argument: argument) == nil)
    }
}
