import Foundation
import Glibc
import Testing

/// The `brigade` program as a process of its own, with nothing of this process's environment but the path.
final class BrigadeProcess: Sendable {
    /// How a process ended and what it wrote.
    struct Outcome: Sendable {
        /// The exit code; 128 and the signal's number where a signal ended it.
        var status: Int
        var output: String
        var errors: String

        var outputLines: [Substring] { output.split(separator: "\n") }
        var errorLines: [Substring] { errors.split(separator: "\n") }
        /// Standard error but for the lines that every copy begins with: its plan and its job.
        var remarks: [Substring] {
            errorLines.filter { !$0.hasPrefix("brigade: plan: ") && !$0.hasPrefix("brigade: job 2") }
        }
    }

    /// No process of these tests takes nearly as long.
    private static let limit = Duration.seconds(180)

    private let process: Process
    private let outputFile: URL
    private let errorFile: URL
    private let end: AsyncStream<Never>

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - arguments: What is written behind `brigade`.
    ///   - home: A folder for the process: its home, its working folder, and where its output goes.
    ///   - environment: Variables beside `HOME` and `PATH`.
    ///   - input: Where its standard input comes from; by default there is none.
    ///   - output: Where its standard output goes instead of where ``wait(sourceLocation:)`` reads it.
    /// - Throws: What starting a process or making its files throws.
    init(
        _ arguments: [String],
        home: String,
        environment: [String: String] = [:],
        input: FileHandle = .nullDevice,
        output: FileHandle? = nil
    ) throws {
        let name = UUID().uuidString
        outputFile = URL(filePath: home).appending(path: "\(name).out")
        errorFile = URL(filePath: home).appending(path: "\(name).err")
        process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "brigade")
        process.arguments = arguments
        process.environment = environment.merging(["HOME": home, "PATH": "/usr/bin:/bin"]) { own, _ in own }
        process.currentDirectoryURL = URL(filePath: home)
        process.standardInput = input
        process.standardOutput = try output ?? Self.create(outputFile)
        process.standardError = try Self.create(errorFile)
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        end = stream
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
    }

    /// Sends a signal to the process.
    func signal(_ number: CInt) {
        kill(process.processIdentifier, number)
    }

    /// What the process has written to standard output so far.
    var outputSoFar: String {
        get throws { String(decoding: try Data(contentsOf: outputFile), as: UTF8.self) }
    }

    /// What the process has written to standard error so far.
    var errorsSoFar: String {
        get throws { String(decoding: try Data(contentsOf: errorFile), as: UTF8.self) }
    }

    /// Waits for the end, which is brought about when it is overdue.
    func wait(sourceLocation: SourceLocation = #_sourceLocation) async throws -> Outcome {
        let (end, identifier) = (end, process.processIdentifier)
        let isOverdue = await withTaskGroup { group in
            group.addTask {
                for await _ in end {}
                return false
            }
            group.addTask { (try? await Task.sleep(for: Self.limit)) != nil }
            guard await group.next() == true else {
                group.cancelAll()
                return false
            }
            kill(identifier, SIGKILL)
            await group.waitForAll()
            return true
        }
        if isOverdue { Issue.record("brigade did not end by itself", sourceLocation: sourceLocation) }
        let status = Int(process.terminationStatus)
        return Outcome(
            status: process.terminationReason == .exit ? status : 128 + status,
            output: FileManager.default.fileExists(atPath: outputFile.path()) ? try outputSoFar : "",
            errors: try errorsSoFar
        )
    }

    private static func create(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }
}

/// Waits until something is so.
func waitUntil(
    _ what: Comment,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(120)
    while clock.now < deadline {
        if try condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record(what, sourceLocation: sourceLocation)
}
