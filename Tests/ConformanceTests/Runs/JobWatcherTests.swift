import Brigade
import LocalS3
import Machine
import S3Client
import S3Protocol
import ServerTestSupport
import Synchronization
import Testing

@Suite("watching a job", .timeLimit(.minutes(5)))
struct JobWatcherTests {
    /// What was told, in order.
    private final class Told: Sendable {
        let samples = Mutex<[MachineSample]>([])
        let notices = Mutex<[LimitWatch.Notice]>([])
    }

    @Test("samples agree with what the client did and with the kernel's tables")
    func samples() async throws {
        try await withFaultyServer { server, client in
            let addresses = try await client.configuration.addresses(for: .source)
            #expect(addresses.addresses == ["127.0.0.1"] && server.endpoint.hasSuffix(":\(addresses.port)"))
            let remote = IPEndpoint(address: IPAddress(ipv4: 0x7F00_0001), port: addresses.port)
            let told = Told()
            let budget = ConnectionBudget(await .take(towards: [remote]), usesTLS: false)
            let watcher = JobWatcher(
                of: client,
                within: budget,
                onSample: { series in told.samples.withLock { $0 += [series.latest].compactMap(\.self) } },
                onNotice: { notice in told.notices.withLock { $0.append(notice) } }
            )
            try await watcher.watching {
                // One sample is taken at the start, and the next a second later: by then there is a connection.
                for _ in 0..<3 { try await client.headBucket(.source) }
                while told.samples.withLock({ $0.count }) < 3 { try await Task.sleep(for: .milliseconds(20)) }
            }
            await client.shutDown()
            let series = await watcher.finish()
            let (samples, notices) = (told.samples.withLock { $0 }, told.notices.withLock { $0 })
            #expect(series.samples == samples && notices.isEmpty)
            #expect(series.added >= 4)
            let under = series.samples[series.added - 2]
            #expect(under.connectionsOpen == 1 && under.connectionsOpened == 1 && under.connectionsReused == 2)
            #expect(under.sockets == ["established": 1] && under.socketCount == 1)
            #expect(under.requests == 3)
            let available = try #require(budget.ways.first?.available)
            #expect(under.portsLeft == available - 1)
            #expect(try #require(under.descriptors) > 1 && #require(under.resident) > ByteCount(bytes: 1 << 20))
            let last = try #require(series.latest)
            #expect(last.connectionsOpen == 0 && last.connectionsClosed == 1 && last.timeWait == 0)
            #expect(last.portsLeft == available)
            #expect(try #require(last.processorTime) > .zero)
            #expect(series.peaks.sockets == 1 && series.peaks.lowestPortsLeft == available - 1)
            #expect(series.samples.map(\.elapsed) == series.samples.map(\.elapsed).sorted())
        }
    }

    @Test("an endpoint's address is contacted, and shows what it is", arguments: [false, true])
    func contact(tls: Bool) async throws {
        try await withTemporaryFolder { folder in
            var settings = LocalS3Configuration()
            settings.credentials = ["KEY": "secret"]
            var configuration = S3ClientConfiguration()
            if tls {
                let made = try TestCertificate(in: folder)
                settings.tls = .init(certificateChainFile: made.certificateFile, privateKeyFile: made.keyFile)
                configuration.trust = .bundle(made.certificateFile)
            }
            try await withLocalS3(settings) { server in
                configuration.endpoint = try Endpoint(url: server.endpoint)
                let endpoint = try await configuration.addresses(for: nil)
                #expect(endpoint.usesTLS == tls)
                let contact = try await configuration.contact(endpoint.addresses[0], of: endpoint)
                #expect(contact.status == 403)
                #expect(contact.tls?.version == (tls ? "TLS 1.3" : nil))
                if let expires = contact.tls?.certificateExpires {
                    let hours = (expires.secondsSinceEpoch - contact.localTime.secondsSinceEpoch) / 3600
                    #expect((22...24).contains(hours))
                } else {
                    #expect(!tls)
                }
                let time = try #require(contact.serverTime)
                #expect((time.secondsSinceEpoch - contact.localTime.secondsSinceEpoch).magnitude < 60)
                #expect(contact.connect > .zero && contact.answer > .zero)
                var other = endpoint
                other.usesTLS.toggle()
                let error = await #expect(throws: S3ClientError.self) {
                    try await configuration.contact(endpoint.addresses[0], of: other)
                }
                let cause = tls ? "if it speaks TLS, write https://" : "does not speak TLS"
                #expect(error?.message.contains(cause) == true)
            }
        }
    }
}
