import Foundation
import LocalS3
import Testing

@Suite("brigade jobs, report and resume", .serialized)
struct JobCommandsTests {
    /// Stops a copy well under way, and gives the job's number.
    private func stoppedJob(_ bench: Bench, _ options: String...) async throws -> String {
        let process = try bench.start(
            ["copy", "s3://source", "s3://destination", "--endpoint", bench.server.endpoint, "--concurrency", "4"]
                + options
        )
        try await waitUntil("the copy is under way") {
            bench.server.statistics.requests["CopyObject", default: 0] >= 20
        }
        process.signal(SIGINT)
        let outcome = try await process.wait()
        #expect(outcome.status == 130)
        let line = try #require(
            outcome.errorLines.compactMap { $0.firstMatch(of: /^brigade: job ([0-9a-z-]+);/) }.first
        )
        return String(line.1)
    }

    @Test("a stopped job is listed, told of, and gone on with, by what it was begun with")
    func resume() async throws {
        try await Bench.run(objects: 1500, latency: .milliseconds(10)) { bench in
            #expect(try await bench.brigade("jobs").output == "There are no jobs.\n")
            let id = try await stoppedJob(bench, "--job", "photos")
            let jobs = try await bench.brigade("jobs").output.split(separator: "\n")
            #expect(jobs.count == 2)
            #expect(jobs[0].hasPrefix("JOB ") && jobs[0].hasSuffix("NAME"))
            #expect(jobs[1].hasPrefix(id) && jobs[1].contains("  unfinished  ") && jobs[1].hasSuffix("  photos"))
            let report = try await bench.brigade("report", "photos").output
            #expect(report.hasPrefix("Job \(id) 'photos': unfinished\n  from     s3://source/\n"))
            #expect(report.contains("at       \(bench.server.endpoint)\n"))
            #expect(report.contains(/Run 1, [0-9: -]+, interrupted after [0-9.]+ s: copied \d+,/))
            #expect(report.hasSuffix("'brigade resume \(id)' goes on with what is left.\n"))
            let outcome = try await bench.brigade("resume", "pho", "--format", "json")
            #expect(outcome.status == 0)
            #expect(
                outcome.remarks == ["brigade: going on with job \(id), from s3://source/ to s3://destination/"]
            )
            let summary = try Summary(outcome)
            #expect(summary.complete && summary.highestConcurrency <= 8)
            #expect(bench.server.statistics.requests["CopyObject"] == 1500)
            #expect(try bench.keys(in: "destination") == bench.keys(in: "source"))
            let json = try await bench.brigade("report", id, "--format", "json").output
            let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            #expect(document?["state"] as? String == "complete" && document?["copied"] as? Int == 1500)
            let runs = try #require(document?["runs"] as? [[String: Any]])
            #expect(runs.count == 2)
            for run in runs {
                let samples = try #require(run["samples"] as? [[String: Any]])
                #expect(samples.last?["requests"] as? Int == run["requests"] as? Int)
            }
            let secrets = try FileManager.default.subpathsOfDirectory(atPath: bench.home).filter { path in
                let content = FileManager.default.contents(atPath: "\(bench.home)/\(path)") ?? Data()
                return content.firstRange(of: Data("a+secret/of=the:tests".utf8)) != nil
            }
            #expect(secrets.isEmpty)
        }
    }

    @Test("nothing is left to do of a complete job, and an unknown one is named")
    func nothingToDo() async throws {
        try await Bench.run { bench in
            #expect(try await bench.copy().status == 0)
            let again = try await bench.brigade("resume", "2")
            #expect(again.status == 0)
            #expect(again.errors.contains("is complete; there is nothing left to do"))
            #expect(bench.server.statistics.requests["CopyObject"] == 3)
            let unknown = try await bench.brigade("resume", "nightly")
            #expect(unknown.status == 2)
            #expect(unknown.errors.contains("there is no job 'nightly' in \(bench.home)"))
        }
    }

    @Test("a job that could not start leaves nothing behind, nor does one without a journal, or a dry run")
    func nothingKept() async throws {
        try await Bench.run { bench in
            #expect(try await bench.copy("s3://missing").status == 2)
            #expect(try await bench.copy("s3://source", "s3://destination", "--dry-run").status == 0)
            let outcome = try await bench.copy("s3://source", "s3://destination", "--no-journal")
            #expect(outcome.status == 0 && outcome.remarks.isEmpty)
            #expect(!outcome.errors.contains("brigade: job"))
            #expect(try await bench.brigade("jobs").output == "There are no jobs.\n")
        }
    }

    @Test("the state folder is where it is said to be, and a job does not run without")
    func stateDirectory() async throws {
        try await Bench.run { bench in
            #expect(try await bench.copy("s3://source", "s3://destination", "--state-directory", "here").status == 0)
            #expect(try await bench.brigade("jobs", "--state-directory", "here").outputLines.count == 2)
            #expect(try await bench.brigade("jobs").output == "There are no jobs.\n")
            try Data().write(to: URL(filePath: bench.home + "/file"))
            let outcome = try await bench.copy("s3://source", "s3://destination", "--state-directory", "file")
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("/file/jobs cannot be made"))
            #expect(bench.server.statistics.requests["CopyObject"] == 3)
        }
    }

    @Test("a file for what failed that cannot be written is noticed beforehand, or told of in the summary")
    func failedKeysFile() async throws {
        try await Bench.run { bench in
            let options = ["--format", "json", "--failed-keys"]
            func copy(_ file: String) async throws -> BrigadeProcess.Outcome {
                let places = ["copy", "s3://source", "s3://destination", "--endpoint", bench.server.endpoint]
                return try await bench.start(places + options + [file]).wait()
            }
            let early = try await copy("missing/keys")
            #expect(early.status == 2 && early.errors.contains("what failed cannot be written to missing/keys"))
            try bench.expectNothingWritten()
            #expect(try await bench.brigade("jobs").output == "There are no jobs.\n")
            // That a folder has this name shows only when the file takes its place.
            try FileManager.default.createDirectory(atPath: bench.home + "/folder", withIntermediateDirectories: false)
            let late = try await copy("folder")
            #expect(late.status == 2)
            let summary = try Summary(late)
            #expect(summary.objects == .init(listed: 3, copied: 3) && !summary.complete)
            #expect(summary.error?.hasPrefix("what failed cannot be written to folder") == true)
        }
    }

    @Test("the job's own file of what failed does not outlive a run that is killed, which may have copied some of it")
    func killedWithFailures() async throws {
        var faults = Faults()
        faults.deniedKeyPrefixes = ["object-0000"]
        try await Bench.run(objects: 30, faults: faults, latency: .milliseconds(300)) { bench in
            func files() throws -> [String] {
                try FileManager.default.subpathsOfDirectory(atPath: bench.home).filter {
                    $0.hasSuffix("/failed-keys.jsonl")
                }
            }
            #expect(try await bench.copy().status == 1)
            #expect(try files().count == 1)
            let asked = bench.server.statistics.requests["CopyObject", default: 0]
            let process = try bench.start(["resume", "2", "--failed-only"])
            try await waitUntil("the copies are under way") {
                bench.server.statistics.requests["CopyObject", default: 0] > asked
            }
            process.signal(SIGKILL)
            _ = try await process.wait()
            #expect(try files().isEmpty)
            #expect(try await bench.brigade("resume", "2").status == 1)
            #expect(try files().count == 1)
        }
    }

    @Test("two jobs do not have one name, and options that exclude each other are wrong usage")
    func usage() async throws {
        try await Bench.run { bench in
            #expect(try await bench.copy("s3://source", "s3://destination", "--job", "nightly").status == 0)
            let again = try await bench.copy("s3://source", "s3://destination", "--job", "nightly")
            #expect(again.status == 64 && again.errors.contains("has the name 'nightly' already"))
            for options in [["--no-journal", "--job", "a"], ["--job", "a/b"], ["--stop-within", "-1s"]] {
                let outcome = try await bench.start(
                    ["copy", "s3://source", "s3://destination", "--endpoint", bench.server.endpoint] + options
                ).wait()
                #expect(outcome.status == 64)
            }
        }
    }
}
