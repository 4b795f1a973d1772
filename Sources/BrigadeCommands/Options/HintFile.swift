private import S3Protocol
private import SystemPackage

/// A file of keys, one a line, from which a listing learns where to begin; a sample of a big one is enough.
///
/// The keys are bytes up to a line feed, and need not exist.
struct HintFile {
    /// The most keys that are kept: several for each fetcher.
    static let mostKeys = 8192

    /// A sample of the keys, at equal distances.
    private(set) var keys: [[UInt8]] = []
    private var linesBetween = 1
    private var lines = 0
    private var line: [UInt8] = []

    /// Reads a file, or standard input for `-`, in pieces, with the memory of the sample.
    ///
    /// - Throws: ``CommandFailure`` with the exit code 2 if it cannot be read, or holds lines that are no keys.
    init(path: String) throws {
        let place = path == "-" ? "standard input" : "'\(path)'"
        do {
            if path == "-" {
                try read(.standardInput)
            } else {
                let file = try FileDescriptor.open(FilePath(path), .readOnly)
                try file.closeAfter { try read(file) }
            }
        } catch let error as Errno {
            throw CommandFailure.fatal("the hints in \(place) cannot be read: \(error)")
        } catch let error as NoKey {
            throw CommandFailure.fatal(
                "line \(error.line) of the hints in \(place) is longer than a key can be; it takes one key a line"
            )
        }
    }

    private mutating func read(_ file: FileDescriptor) throws {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            try read(buffer[..<count])
        }
        try endLine()
    }

    /// A line that cannot be a key.
    private struct NoKey: Error {
        let line: Int
    }

    private mutating func read(_ piece: ArraySlice<UInt8>) throws(NoKey) {
        var rest = piece
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            line += rest[..<end]
            try endLine()
            rest = rest[(end + 1)...]
        }
        line += rest
        try checkLine()
    }

    private func checkLine() throws(NoKey) {
        guard line.count <= ObjectKey.maximumLength else { throw NoKey(line: lines + 1) }
    }

    private mutating func endLine() throws(NoKey) {
        try checkLine()
        defer {
            line.removeAll(keepingCapacity: true)
            lines += 1
        }
        guard lines % linesBetween == 0, !line.isEmpty else { return }
        keys.append(line)
        guard keys.count == Self.mostKeys else { return }
        // Every second one of what there is, and of what comes.
        keys = stride(from: 0, to: keys.count, by: 2).map { keys[$0] }
        linesBetween *= 2
    }
}
