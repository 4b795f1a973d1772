public import Foundation

/// Runs the Python of `BRIGADE_TEST_PYTHON`, or else the `python3` of the path, to ask another implementation what it
/// makes of the same input.
public enum PythonWitness {
    /// A Python process that did not end well.
    public struct Failure: Error {
        /// Its exit status.
        public var status: Int32
    }

    /// Whether a test that needs a module can run.
    ///
    /// A Python named by `BRIGADE_TEST_PYTHON` is meant to have it, and a test that finds it lacking fails; any other is
    /// asked first.
    public static func has(_ module: String) -> Bool {
        if named != nil { return true }
        return (try? run(["-c", "import \(module)"], input: Data())) != nil
    }

    /// Runs a script to its end.
    ///
    /// - Parameters:
    ///   - script: The script's file.
    ///   - input: What it reads from its standard input.
    /// - Returns: What it writes to its standard output.
    /// - Throws: ``Failure`` when it ends with another status than 0.
    public static func run(script: URL, input: Data) throws -> Data {
        try run([script.path()], input: input)
    }

    private static var named: String? {
        ProcessInfo.processInfo.environment["BRIGADE_TEST_PYTHON"]
    }

    private static func run(_ arguments: [String], input: Data) throws -> Data {
        // A file and no pipe: both sides of a pipe would wait for each other once its buffer is full.
        let file = FileManager.default.temporaryDirectory.appending(path: "questions-\(UUID().uuidString)")
        try input.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [named ?? "python3"] + arguments
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
