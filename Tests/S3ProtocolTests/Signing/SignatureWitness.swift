import Foundation

/// Runs `Tests/Witnesses/signer_witness.py`, botocore's signer, with the Python of `BRIGADE_TEST_PYTHON` or else the
/// `python3` of the path.
enum SignatureWitness {
    /// A request to sign, as the witness reads it.
    struct Question: Encodable {
        var method: String
        var path: String
        var query: [[String]]
        var headers: [[String]]
        var payloadHash: String
        var accessKey: String
        var secretKey: String
        /// Empty where there is none.
        var sessionToken: String
        var region: String
        var date: String
    }

    /// What botocore makes of it.
    struct Answer: Decodable {
        var canonicalRequest: String?
        var authorization: String?
        var error: String?
    }

    /// A Python process that did not end well.
    struct Failure: Error {
        var status: Int32
    }

    /// Whether the test can run: a Python named by `BRIGADE_TEST_PYTHON` is meant to have botocore, any other is asked.
    static var isAvailable: Bool {
        if ProcessInfo.processInfo.environment["BRIGADE_TEST_PYTHON"] != nil { return true }
        return (try? run(["-c", "import botocore"], input: Data())) != nil
    }

    /// The answers to questions, in their order.
    static func ask(_ questions: [Question]) throws -> [Answer] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let script = tests.appending(path: "Witnesses/signer_witness.py").path()
        let lines = try questions.map { try JSONEncoder().encode($0) + Data("\n".utf8) }
        let output = try run([script], input: lines.reduce(Data(), +))
        return try output.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Answer.self, from: $0) }
    }

    private static func run(_ arguments: [String], input: Data) throws -> Data {
        // A file and no pipe: both sides of a pipe would wait for each other once its buffer is full.
        let file = FileManager.default.temporaryDirectory.appending(path: "questions-\(UUID().uuidString)")
        try input.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [ProcessInfo.processInfo.environment["BRIGADE_TEST_PYTHON"] ?? "python3"] + arguments
        process.standardInput = try FileHandle(forReadingFrom: file)
        let stdout = Pipe()
        process.standardOutput = stdout
        try process.run()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return output
    }
}
