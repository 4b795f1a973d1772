import Foundation

/// Runs `botocore_witness.py`, with the Python of `BRIGADE_TEST_PYTHON` or else the `python3` of the path.
enum BotocoreWitness {
    /// What botocore made of a scenario: settings or the name of an error.
    struct Answer: Decodable {
        var settings: ConfigurationScenario.Settings?
        var error: String?
    }

    /// Whether the test can run.
    ///
    /// A Python named by `BRIGADE_TEST_PYTHON` is meant to have botocore, and a test that finds it lacking fails; any
    /// other is asked first.
    static var isAvailable: Bool {
        if ProcessInfo.processInfo.environment["BRIGADE_TEST_PYTHON"] != nil { return true }
        return (try? run(["-c", "import botocore"], input: Data())) != nil
    }

    /// What botocore makes of each scenario, in their order.
    static func resolve(_ scenarios: [ConfigurationScenario]) throws -> [Answer] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "botocore_witness.py").path()
        return try JSONDecoder().decode([Answer].self, from: run([script], input: JSONEncoder().encode(scenarios)))
    }

    /// A Python process that did not end well.
    struct Failure: Error {
        var status: Int32
    }

    private static func run(_ arguments: [String], input: Data) throws -> Data {
        let python = ProcessInfo.processInfo.environment["BRIGADE_TEST_PYTHON"] ?? "python3"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python] + arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: input)
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return output
    }
}
