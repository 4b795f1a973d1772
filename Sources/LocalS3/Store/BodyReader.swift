/// Reads a range of a body in pieces, so that no large body is in memory twice.
struct BodyReader {
    private enum Source {
        case memory([ArraySlice<UInt8>], next: Int)
        case file(OpenFile, offset: Int)
    }

    private var source: Source

    /// The number of bytes still to come.
    private(set) var remaining: Int

    /// Opens a body; a file's bytes stay readable even when the object is replaced meanwhile.
    ///
    /// The range is within the body's size.
    ///
    /// - Throws: `LocalS3Error` with `.storage` when the file can't be opened.
    init(_ body: Body, range: Range<Int>) throws {
        remaining = range.count
        switch body {
        case .memory(let slices):
            source = .memory(Self.slices(slices, in: range), next: 0)
        case .file(let file):
            source = .file(try OpenFile(reading: file.path), offset: range.lowerBound)
        }
    }

    /// The next bytes, at most so many; `nil` at the end.
    mutating func next(upTo maximum: Int) throws -> ArraySlice<UInt8>? {
        guard remaining > 0 else { return nil }
        switch source {
        case .memory(var slices, let next):
            let piece = slices[next].prefix(maximum)
            if piece.count == slices[next].count {
                source = .memory(slices, next: next + 1)
            } else {
                slices[next] = slices[next].dropFirst(piece.count)
                source = .memory(slices, next: next)
            }
            remaining -= piece.count
            return piece
        case .file(let file, let offset):
            let piece = try file.read(at: offset, count: min(maximum, remaining))
            source = .file(file, offset: offset + piece.count)
            remaining -= piece.count
            return piece[...]
        }
    }

    /// What is still to come, when it is in memory.
    var slicesInMemory: [ArraySlice<UInt8>]? {
        guard case .memory(let slices, let next) = source else { return nil }
        return next == 0 ? slices : Array(slices[next...])
    }

    /// The pieces of a body in memory that a range covers; none of them is empty.
    static func slices(_ slices: [ArraySlice<UInt8>], in range: Range<Int>) -> [ArraySlice<UInt8>] {
        if let only = slices.first, slices.count == 1, range == 0..<only.count { return range.isEmpty ? [] : slices }
        var result: [ArraySlice<UInt8>] = []
        var start = 0
        for slice in slices {
            let part = range.clamped(to: start..<start + slice.count)
            if !part.isEmpty {
                result.append(
                    slice[slice.startIndex + part.lowerBound - start..<slice.startIndex + part.upperBound - start]
                )
            }
            start += slice.count
        }
        return result
    }
}
