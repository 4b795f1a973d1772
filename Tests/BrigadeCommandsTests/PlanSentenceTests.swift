import Foundation
import Machine
import Testing

@testable import Brigade
@testable import BrigadeCommands

@Suite("the line about the plan")
struct PlanSentenceTests {
    private static let error = MachineError(code: .unavailable, path: "/proc/x", reason: "gone")

    /// A machine of which only what a test gives is known.
    private func reading(
        descriptors: UInt64? = nil,
        ways: [(available: Int, used: Int, timeWait: Int)] = []
    ) -> MachineReading {
        let remote = IPEndpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 9000)
        return MachineReading(
            descriptorLimit: descriptors.map { .success(.init(soft: .at($0), hard: .at($0))) } ?? .failure(Self.error),
            descriptorsInUse: .success(12),
            system: .failure(Self.error),
            ways: .success(
                ways.map {
                    .init(
                        remote: remote,
                        source: IPAddress(ipv4: 0x0A00_0001),
                        available: $0.available,
                        used: $0.used,
                        timeWait: $0.timeWait
                    )
                }
            ),
            memory: .failure(Self.error),
            controlGroups: .success(ControlGroupLimits()),
            tracking: .success(nil)
        )
    }

    private func plan(_ reading: MachineReading, copies: Int = 256, option: Int? = nil) throws -> ConcurrencyPlan {
        try ConcurrencyPlan(
            .init(copies: copies, fetchers: 16, maximumConnections: option),
            within: ConnectionBudget(reading, usesTLS: false)
        )
    }

    private func line(_ reading: MachineReading, copies: Int = 256, option: Int? = nil) throws -> String {
        PlanSentence(plan: try plan(reading, copies: copies, option: option), destination: "10.0.0.2:9000").text
    }

    @Test("ports decide")
    func ports() throws {
        let remedy = " decide (use --source-address, or widen net.ipv4.ip_local_port_range)"
        #expect(
            try line(reading(descriptors: 1024, ways: [(50, 0, 0)]))
                == "plan: 49 copies at a time over 49 connections: 50 local ports to 10.0.0.2:9000" + remedy
        )
        #expect(
            try line(reading(ways: [(50, 47, 40)]))
                == "plan: 2 copies at a time over 2 connections, up to 42 as ports come free: 50 local ports to "
                + "10.0.0.2:9000 (47 in use, 40 of them in "
                + "TIME_WAIT for a minute at most)" + remedy
        )
        #expect(
            try line(reading(ways: [(1000, 0, 0)]), copies: 0)
                == "plan: 16 pages at a time, 16 connections; the machine would allow 969 (local ports)"
        )
    }

    @Test("descriptors decide")
    func descriptors() throws {
        #expect(
            try line(reading(descriptors: 64, ways: [(28_232, 0, 0)]))
                == "plan: 20 copies at a time over 20 connections: 64 descriptors of this process (12 in use, 32 kept "
                + "for other use) decide (raise the hard limit: ulimit -Hn, LimitNOFILE=)"
        )
    }

    @Test("nothing is cut, or the user cut it")
    func uncut() throws {
        #expect(
            try line(reading(ways: [(28_232, 0, 0)]))
                == "plan: 256 copies at a time, 260 connections; the machine would allow 27,350 (local ports)"
        )
        #expect(
            try line(reading(ways: [(28_232, 0, 0)]), option: 8)
                == "plan: 8 copies at a time over 8 connections: --max-connections decides; "
                + "the machine would allow 27,350 (local ports)"
        )
        #expect(
            try line(reading())
                == "plan: 256 copies at a time, 260 connections; the machine sets no limit that is known"
        )
    }

    @Test("the summary has the plan, each limit with what it permits, and what was used of the machine")
    func document() throws {
        var summary = CopySummary()
        summary.plan = try plan(reading(descriptors: 64, ways: [(50, 3, 1)]))
        var series = SampleSeries()
        var sample = MachineSample(elapsed: .seconds(1))
        sample.descriptors = 33
        sample.sockets = ["established": 20, "time-wait": 2]
        sample.portsLeft = 7
        sample.processorTime = .milliseconds(1250)
        series.add(sample)
        summary.machine = series
        let report = CopyReport(
            source: try ObjectLocation("s3://a-b"),
            destination: try ObjectLocation("s3://c-d"),
            isDryRun: false,
            format: .json,
            isQuiet: false
        )
        let json = try JSONSerialization.jsonObject(with: Data(report.json(summary).utf8))
        let object = try #require(json as? NSDictionary)
        let plan = try #require(object["plan"] as? NSDictionary)
        #expect(plan["decidedBy"] as? String == "descriptors" && plan["binding"] as? String == "descriptors")
        #expect(plan["concurrency"] as? Int == 20 && plan["connections"] as? Int == 20 && plan["allows"] as? Int == 20)
        #expect(plan["wantedConcurrency"] as? Int == 256 && plan["wantedFetchers"] as? Int == 16)
        let limits = try #require(plan["limits"] as? [NSDictionary])
        #expect(limits.map { $0["name"] as? String } == ConnectionLimit.Kind.allCases.map(\.rawValue))
        let ports: NSDictionary = [
            "name": "localPorts", "permits": 46, "unlimited": false, "inUse": 3, "maximum": 50, "keptFree": 1,
            "comingFree": 1, "source": LocalPortRange.path(),
        ]
        #expect(limits[2] == ports)
        #expect(limits[1]["error"] as? String == "/proc/x cannot be read: gone" && limits[1]["permits"] == nil)
        #expect(limits[5]["unlimited"] as? Bool == true)
        let machine: NSDictionary = [
            "samples": 1, "peakDescriptors": 33, "peakSockets": 22, "lowestPortsLeft": 7, "peakRequestsPerSecond": 0,
            "timeWaitAtEnd": 2, "processorSeconds": 1.25,
        ]
        #expect(object["machine"] as? NSDictionary == machine)
    }

    @Test("a limit that comes near")
    func notices() {
        #expect(
            LimitWatch.Notice.descriptors(inUse: 1010, of: 1024).sentence
                == "descriptors run short: 1,010 of 1,024 are open; the job goes on with the connections that it has"
        )
        #expect(
            LimitWatch.Notice.localPorts(left: 3, timeWait: 1).sentence.hasPrefix(
                "local ports run short: 3 left towards one of the addresses, 1 connection in TIME_WAIT; "
            )
        )
    }
}
