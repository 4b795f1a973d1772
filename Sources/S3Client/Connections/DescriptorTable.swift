private import Glibc
internal import SystemPackage

/// Where descriptors come from; a test has one with as few as it likes.
protocol DescriptorTable: Sendable {
    /// Takes one.
    func open() throws(Errno) -> FileDescriptor
    /// Gives one back.
    func close(_ descriptor: FileDescriptor)
    /// How many more there are, counted up to a number, without taking one.
    func descriptorsLeft(atMost most: Int) -> Int
}

/// The descriptors of this process.
struct ProcessDescriptors: DescriptorTable {
    func open() throws(Errno) -> FileDescriptor {
        let number = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw Errno(rawValue: errno) }
        return FileDescriptor(rawValue: number)
    }

    func close(_ descriptor: FileDescriptor) {
        // close(2) fails for a file that was written to, or for a descriptor that is none.
        try? descriptor.close()
    }

    func descriptorsLeft(atMost most: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        var count = 0
        for number in 0..<CInt(clamping: limit.rlim_cur) where fcntl(number, F_GETFD) == -1 {
            count += 1
            if count == most { break }
        }
        return count
    }
}
