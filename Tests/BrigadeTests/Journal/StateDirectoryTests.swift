import Foundation
import ServerTestSupport
import Testing

@testable import Brigade

@Suite("The folder of jobs")
struct StateDirectoryTests {
    private func definition(_ name: String? = nil) throws -> JobDefinition {
        var definition = JobDefinition(
            source: try ObjectLocation("s3://source"),
            destination: try ObjectLocation("s3://destination/there/"),
            options: ["--fetchers", "3"],
            workingDirectory: "/tmp"
        )
        definition.name = name
        return definition
    }

    private func code(_ body: () throws -> Void) -> BrigadeError.Code? {
        #expect(throws: BrigadeError.self) { try body() }?.code
    }

    @Test(
        "the environment says where it is",
        arguments: [
            (["XDG_STATE_HOME": "/state", "HOME": "/home/u"], "/state/brigade"),
            (["XDG_STATE_HOME": "relative", "HOME": "/home/u"], "/home/u/.local/state/brigade"),
            (["XDG_STATE_HOME": "", "HOME": "/home/u"], "/home/u/.local/state/brigade"),
            (["HOME": ""], nil), ([:], nil),
        ] as [([String: String], String?)]
    )
    func place(environment: [String: String], path: String?) {
        #expect((try? StateDirectory(environment: environment))?.path == path)
    }

    @Test("a job is found by its number, its name, or the beginning of one, and nobody else may run it meanwhile")
    func finding() async throws {
        try await withTemporaryFolder { folder in
            let state = StateDirectory(path: folder + "/state")
            #expect(try state.records().isEmpty)
            #expect(code { _ = try state.openJob("2") } == .noSuchJob)
            let first = try state.makeJob(try definition("nightly"))
            let second = try state.makeJob(try definition("nightly.2"))
            #expect(first.id.wholeMatch(of: /\d{8}-\d{6}-[2-9a-z]{2}/) != nil)
            #expect(code { _ = try state.makeJob(try definition("nightly")) } == .invalidJob)
            // The whole name is enough, though another begins with it.
            #expect(try state.record(of: "nightly").id == first.id)
            #expect(try state.record(of: "nightly.").id == second.id)
            #expect(try state.record(of: second.id).definition == definition("nightly.2"))
            #expect(code { _ = try state.record(of: "night") } == .noSuchJob)
            #expect(code { _ = try state.record(of: "") } == .noSuchJob)
            let running = try state.record(of: first.id)
            #expect(running.state == .running && running.process == Int(getpid()))
            #expect(code { _ = try state.openJob(first.id) } == .jobRunning)
            #expect(try Set(state.records().map(\.id)) == [first.id, second.id])
            second.discard()
            #expect(try state.records().map(\.id) == [first.id])
        }
    }

    @Test("a job that is let go of can be opened again, and is still the same")
    func reopening() async throws {
        try await withTemporaryFolder { folder in
            let state = StateDirectory(path: folder)
            let first = try state.makeJob(try definition())
            let id = first.id
            first.close()
            #expect(try state.record(of: id).state == .unfinished)
            let job = try state.openJob(id)
            // Whoever else still refers to the one that was closed does not matter.
            withExtendedLifetime(first) {}
            #expect(try job.definition == definition())
            #expect(try state.record(of: id).state == .running)
            withExtendedLifetime(job) {}
        }
    }

    @Test("names", arguments: ["", ".hidden", "-dash", "a/b", "a b", "é", String(repeating: "n", count: 65)])
    func names(name: String) throws {
        let wrong = try definition(name)
        #expect(throws: BrigadeError.self) { try wrong.validate() }
        try definition("Nightly_2.copy-1").validate()
    }

    @Test("a folder that cannot be made is named, with what to do")
    func unwritable() async throws {
        try await withTemporaryFolder { folder in
            try Data().write(to: URL(filePath: folder + "/file"))
            let definition = try definition()
            let error = #expect(throws: BrigadeError.self) {
                _ = try StateDirectory(path: folder + "/file").makeJob(definition)
            }
            #expect(error?.code == .journalFailed)
            #expect(error?.message.contains("/file/jobs cannot be made") == true)
            #expect(error?.message.contains("--state-directory") == true)
        }
    }
}
