import Testing

@testable import S3Client

@Suite("The gate that requests go through")
struct RequestGateTests {
    @Test("once it is closed nothing comes in, and it is empty when all who were in have left")
    func closing() async throws {
        let gate = RequestGate()
        try gate.enter()
        try gate.enter()
        #expect(!gate.isClosed)
        #expect(gate.close())
        #expect(!gate.close(), "the second call is not the first")
        #expect { try gate.enter() } throws: { ($0 as? S3ClientError)?.code == .cancelled }
        await withTaskGroup { group in
            group.addTask { await gate.waitUntilEmpty() }
            gate.leave()
            gate.leave()
        }
    }

    @Test("one that nobody went through is empty at once")
    func unused() async {
        let gate = RequestGate()
        #expect(gate.close())
        await gate.waitUntilEmpty()
    }

    @Test("a client that was shut down answers what it is asked, and is not surprised to be shut down again")
    func client() async throws {
        let client = try S3Client(S3ClientConfiguration())
        await client.shutDown()
        #expect(await client.statistics() == ClientStatistics())
        await #expect { try await client.listBuckets() } throws: { ($0 as? S3ClientError)?.code == .cancelled }
        await client.shutDown()
    }
}
