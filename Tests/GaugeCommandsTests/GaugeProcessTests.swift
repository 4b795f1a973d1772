import Foundation
import Testing

/// Runs the program itself.
@Suite("gauge as a process")
struct GaugeProcessTests {
    private struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Runs a shell command in which `$0` is the program.
    private func shell(_ command: String) throws -> Result {
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "gauge")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command, program.path()]
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // What goes to standard error is less than a pipe holds.
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let errorText = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: errorText, as: UTF8.self)
        )
    }

    private struct Report: Decodable {
        struct Limit: Decodable {
            var name: String
            var scope: String
            var inUse: Double?
        }

        var limits: [Limit]
    }

    private func openFiles(_ json: Substring) throws -> Double? {
        try JSONDecoder().decode(Report.self, from: Data(json.utf8)).limits.first {
            $0.name == "open-files" && $0.scope == "process"
        }?.inUse
    }

    @Test("its own descriptors are those that ls finds for itself, less the one for finding them")
    func ownDescriptors() throws {
        let result = try shell(
            "exec 7</dev/null 9</dev/null; ls /proc/self/fd | wc -l; exec \"$0\" limits --format json"
        )
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n", maxSplits: 1)
        let counted = try #require(Double(lines[0]))
        #expect(try openFiles(lines[1]) == counted - 1)
    }

    @Test("the limit that the shell sets is the one that is shown")
    func shellLimit() throws {
        let result = try shell("ulimit -Sn 321; \"$0\" limits")
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let line = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("  open files ") })
        #expect(line.split(separator: " ")[2] == "321")
    }

    @Test("exit code 2 and a reason where something cannot be read, with what can")
    func probeFailed() throws {
        let result = try shell("\"$0\" limits --pid 2147483647")
        #expect(result.status == 2)
        #expect(result.errors == "gauge: /proc/2147483647/limits cannot be read: No such file or directory\n")
        #expect(result.output.hasPrefix("SYSTEM"))
    }

    @Test(
        "exit code 64 and nothing on standard output for wrong arguments",
        arguments: [
            "limits --pid 0", "limits --pid x", "limits --format xml", "nothing", "limits more", "--no-such",
            "sockets --pid 0", "sockets --pid 1 --name x", "sockets --state open", "sockets --remote example.com",
            "sockets --remote 1.2.3.4:x", "sockets --top 0", "sockets --format xml",
        ]
    )
    func usage(arguments: String) throws {
        let result = try shell("\"$0\" \(arguments)")
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("Usage: gauge"))
    }

    @Test("help is data, and says the exit codes", arguments: ["--help", "help", ""])
    func help(arguments: String) throws {
        let result = try shell("\"$0\" \(arguments)")
        #expect(result.status == 0)
        #expect(result.output.contains("Exit codes:"))
        #expect(result.errors.isEmpty)
    }

    @Test("the sockets of this machine, as a table and as JSON")
    func sockets() throws {
        let table = try shell("\"$0\" sockets")
        #expect(table.status == 0)
        #expect(table.errors.isEmpty)
        #expect(table.output.hasPrefix("TCP SOCKETS, read from sock_diag(7)\n"))
        let listing = try shell("\"$0\" sockets --state listen --state established --format json")
        #expect(listing.status == 0)
        let object = try JSONSerialization.jsonObject(with: Data(listing.output.utf8)) as? [String: Any]
        let states = try #require(object?["states"] as? [String: Int])
        #expect(states["listen", default: 0] + states["established", default: 0] == object?["total"] as? Int)
        #expect(object?["source"] as? String == "sock_diag(7)")
    }

    @Test("sockets of a process that is not there: exit code 2 and a reason, with no figures in its place")
    func socketsOfNobody() throws {
        let result = try shell("\"$0\" sockets --pid 2147483647")
        #expect(result.status == 2)
        #expect(result.errors == "gauge: /proc/2147483647/status cannot be read: No such file or directory\n")
        #expect(result.output.isEmpty)
        let nameless = try shell("\"$0\" sockets --name 'no process has this name'")
        #expect(nameless.status == 2)
        #expect(nameless.errors == "gauge: no process is called no process has this name\n")
    }

    @Test("a reader that goes away ends it quietly")
    func brokenPipe() throws {
        let result = try shell("\"$0\" limits | head -n 1 >/dev/null")
        #expect(result.errors.isEmpty)
    }

    @Test("what cannot be written is no success", arguments: ["limits", "limits --format json", "sockets"])
    func fullDevice(command: String) throws {
        let result = try shell("\"$0\" \(command) >/dev/full")
        #expect(result.status == 2)
        #expect(result.errors == "gauge: standard output cannot be written to: No space left on device\n")
    }
}
