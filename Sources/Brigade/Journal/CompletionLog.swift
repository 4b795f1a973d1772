internal import Glibc
internal import Keyspace
internal import SystemPackage

/// What was done with since the journal's last commit: a file in memory that outlives the process.
///
/// A commit comes a few times a second; a process that is killed would forget what it did since. Each verdict is
/// therefore also written here, which costs a copy of two keys and no call of the system: the file is mapped, and what
/// a process wrote to such a page is the kernel's once it is written (mmap(2), `MAP_SHARED`). Only a machine that loses
/// its power loses it.
///
/// The file has two halves, which take turns: a commit has everything that the half before it says, and what comes
/// while it is being written goes into the other. A half begins with the number of the commit that it follows, its
/// generation. Each entry has a check value over its bytes and the generation, so that neither one that was half
/// written nor one of a former use is taken for valid.
///
/// Not safe for several threads at once.
final class CompletionLog {
    /// What one entry says.
    struct Entry: Equatable {
        /// What became of the object.
        enum Kind: UInt8 {
            case copied, skipped
            /// One that had failed in an earlier run was copied or skipped now; `through` is its key, and `after` empty.
            case retried
        }

        var kind: Kind
        /// The object's size in bytes.
        var size: Int
        /// What is done with now.
        var range: KeyRange
    }

    /// The bytes of each half: room for 5,000 entries and more with keys of 60 bytes.
    private let halfSize: Int
    private let base: UnsafeMutableRawPointer
    private var half = 0
    private var offset = 0
    private var generation: UInt64 = 0

    /// Makes the file anew, with nothing in it.
    ///
    /// - Parameters:
    ///   - path: Its path.
    ///   - generation: The number of the last commit.
    ///   - halfSize: The bytes of each half, a multiple of 8.
    /// - Throws: ``BrigadeError`` with the code `journalFailed`, such as when there is no room: all of it is taken
    ///   beforehand, since a page for which there is none would end the process.
    init(path: String, generation: Int, halfSize: Int = 1 << 20) throws(BrigadeError) {
        self.halfSize = halfSize
        let size = 2 * halfSize
        do {
            let file = try FileDescriptor.open(
                FilePath(path),
                .readWrite,
                options: [.create, .truncate, .closeOnExec],
                permissions: .ownerReadWrite
            )
            defer { try? file.close() }
            let failure = posix_fallocate(file.rawValue, 0, off_t(size))
            guard failure == 0 else { throw Errno(rawValue: failure) }
            guard let base = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.rawValue, 0), base != MAP_FAILED
            else { throw Errno(rawValue: errno) }
            self.base = base
        } catch {
            throw .journal("cannot keep its log in \(path): \(error)")
        }
        begin(UInt64(generation))
    }

    deinit {
        munmap(base, 2 * halfSize)
    }

    /// How much of the half in use is taken, from 0 to 1.
    var fill: Double { Double(offset) / Double(halfSize) }

    /// Takes note of what is done with.
    ///
    /// - Returns: Whether there was room; without, only the next commit will know of it.
    @discardableResult
    func append(_ kind: Entry.Kind, size: Int, _ range: KeyRange) -> Bool {
        let through = range.through ?? []
        let length = CompletionLog.entryLength(range.after.count, through.count)
        guard offset + length <= halfSize else { return false }
        let entry = base + half * halfSize + offset
        entry.storeBytes(of: UInt16(range.after.count), toByteOffset: 8, as: UInt16.self)
        entry.storeBytes(of: UInt16(through.count), toByteOffset: 10, as: UInt16.self)
        entry.storeBytes(of: kind.rawValue, toByteOffset: 12, as: UInt8.self)
        entry.storeBytes(of: range.through == nil ? 0 : 1, toByteOffset: 13, as: UInt8.self)
        entry.storeBytes(of: 0, toByteOffset: 14, as: UInt16.self)
        entry.storeBytes(of: Int64(size), toByteOffset: 16, as: Int64.self)
        range.after.withUnsafeBytes {
            if let start = $0.baseAddress { (entry + 24).copyMemory(from: start, byteCount: $0.count) }
        }
        through.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            (entry + 24 + range.after.count).copyMemory(from: start, byteCount: bytes.count)
        }
        let check = CompletionLog.check(UnsafeRawBufferPointer(start: entry + 8, count: length - 8), generation)
        entry.storeBytes(of: check, as: UInt64.self)
        offset += length
        return true
    }

    /// A commit of this generation is about to be made: what comes from now on is not in it.
    func turn(to generation: Int) {
        half = 1 - half
        begin(UInt64(generation))
    }

    private func begin(_ generation: UInt64) {
        self.generation = generation
        (base + half * halfSize).storeBytes(of: generation, as: UInt64.self)
        offset = 8
    }

    // MARK: Reading

    /// What a log says beyond a commit.
    ///
    /// - Parameters:
    ///   - path: The file; one that is missing says nothing.
    ///   - generation: The number of the last commit that the journal has.
    ///   - halfSize: The bytes of each half.
    /// - Returns: The entries, oldest first.
    /// - Throws: ``BrigadeError`` with the code `journalFailed` if the file cannot be read.
    static func entries(path: String, since generation: Int, halfSize: Int = 1 << 20) throws(BrigadeError) -> [Entry] {
        var bytes = [UInt8](repeating: 0, count: 2 * halfSize)
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            defer { try? file.close() }
            let count = try bytes.withUnsafeMutableBytes { buffer in
                var count = 0
                while count < buffer.count {
                    let read = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
                    if read == 0 { break }
                    count += read
                }
                return count
            }
            guard count == bytes.count else { return [] }
        } catch Errno.noSuchFileOrDirectory {
            return []
        } catch {
            throw .journal("cannot read its log \(path): \(error)")
        }
        return bytes.withUnsafeBytes { bytes in
            [bytes[..<halfSize], bytes[halfSize...]]
                .map { UnsafeRawBufferPointer(rebasing: $0) }
                .map { (generation: $0.load(as: UInt64.self), half: $0) }
                .filter { $0.generation >= UInt64(generation) }
                .sorted { $0.generation < $1.generation }
                .flatMap { entries(of: $0.half, generation: $0.generation) }
        }
    }

    private static func entries(of half: UnsafeRawBufferPointer, generation: UInt64) -> [Entry] {
        var entries: [Entry] = []
        var offset = 8
        while offset + 24 <= half.count {
            let afterCount = Int(half.load(fromByteOffset: offset + 8, as: UInt16.self))
            let throughCount = Int(half.load(fromByteOffset: offset + 10, as: UInt16.self))
            let length = entryLength(afterCount, throughCount)
            guard offset + length <= half.count else { break }
            let body = UnsafeRawBufferPointer(rebasing: half[offset + 8..<offset + length])
            guard half.load(fromByteOffset: offset, as: UInt64.self) == check(body, generation),
                let kind = Entry.Kind(rawValue: half[offset + 12])
            else { break }
            let after = offset + 24..<offset + 24 + afterCount
            let through = after.upperBound..<after.upperBound + throughCount
            entries.append(
                Entry(
                    kind: kind,
                    size: Int(half.load(fromByteOffset: offset + 16, as: Int64.self)),
                    range: KeyRange(
                        after: Array(half[after]),
                        through: half[offset + 13] == 0 ? nil : Array(half[through])
                    )
                )
            )
            offset += length
        }
        return entries
    }

    /// The bytes of an entry, rounded up to whole words.
    private static func entryLength(_ afterCount: Int, _ throughCount: Int) -> Int {
        (24 + afterCount + throughCount + 7) & ~7
    }

    /// A value that changes with every bit: FNV-1a (Fowler, Noll, Vo) over words instead of bytes.
    ///
    /// What is behind the keys, up to the next whole word, is part of it; it stays as it was written.
    private static func check(_ bytes: UnsafeRawBufferPointer, _ generation: UInt64) -> UInt64 {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325 ^ generation
        for offset in stride(from: 0, to: bytes.count, by: 8) {
            value = (value ^ bytes.load(fromByteOffset: offset, as: UInt64.self)) &* 0x0000_0100_0000_01B3
            value ^= value >> 32
        }
        return value
    }
}
