/// The text of `/proc/net/tcp` and `tcp6` (proc(5); "proc_net_tcp" of the kernel's documentation), line by line.
struct SocketTable: Sendable {
    /// The file's path, for errors.
    let path: String
    /// Whether its addresses have 128 bits.
    let isIPv6: Bool

    /// The path of a table.
    static func path(isIPv6: Bool, of process: ProcessReference, in files: KernelFiles) -> String {
        files.path(of: isIPv6 ? "net/tcp6" : "net/tcp", in: process)
    }

    /// Reads all of a table's sockets.
    ///
    /// - Returns: Whether there is such a table; one for IPv6 may be missing.
    /// - Throws: ``MachineError`` where it cannot be read or understood.
    func forEach(_ body: (TCPSocket) -> Void) throws(MachineError) -> Bool {
        try KernelLines.forEach(at: path) { (line, number) throws(MachineError) in
            if let socket = try socket(line, number: number) { body(socket) }
        }
    }

    /// Parses one line; `nil` for the first, which has the names of the columns.
    ///
    /// The fields that are read: local and remote address, state, both queues, user, inode; the others are skipped.
    ///
    /// - Throws: ``MachineError/Code/malformed`` for a line that is cut short or has another value than it should have.
    func socket(_ line: ArraySlice<UInt8>, number: Int) throws(MachineError) -> TCPSocket? {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 10)
        if number == 1 {
            guard words.first?.elementsEqual("sl".utf8) == true else { throw malformed("expected the columns", number) }
            return nil
        }
        guard words.count > 9 else { throw malformed("it is cut short", number) }
        let queues = words[4].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard queues.count == 2 else { throw malformed("expected two queues", number) }
        let stateNumber: UInt8 = try self.number(words[3], radix: 16, number)
        guard let state = TCPState(kernelNumber: stateNumber) else { throw malformed("state \(stateNumber)", number) }
        return TCPSocket(
            kernelState: state,
            local: try endpoint(words[1], number),
            remote: try endpoint(words[2], number),
            isIPv6: isIPv6,
            userID: try self.number(words[7], radix: 10, number),
            inode: try self.number(words[9], radix: 10, number),
            receiveQueue: try self.number(queues[1], radix: 16, number),
            sendQueue: try self.number(queues[0], radix: 16, number)
        )
    }

    /// An address as words of 32 bits, each printed as a number whose bytes in memory are the address's, and a port.
    private func endpoint(_ word: ArraySlice<UInt8>, _ line: Int) throws(MachineError) -> IPEndpoint {
        let digits = isIPv6 ? 32 : 8
        guard word.count == digits + 5, word[word.startIndex + digits] == UInt8(ascii: ":") else {
            throw malformed("expected an address and a port", line)
        }
        var words: [UInt32] = []
        for offset in stride(from: word.startIndex, to: word.startIndex + digits, by: 8) {
            words.append(UInt32(bigEndian: try number(word[offset..<offset + 8], radix: 16, line)))
        }
        let address =
            isIPv6
            ? IPAddress(high: UInt64(words[0]) << 32 | UInt64(words[1]), low: UInt64(words[2]) << 32 | UInt64(words[3]))
            : IPAddress(ipv4: words[0])
        return IPEndpoint(address: address, port: try number(word.suffix(4), radix: 16, line))
    }

    private func number<Value: FixedWidthInteger>(
        _ word: ArraySlice<UInt8>,
        radix: Value,
        _ line: Int
    ) throws(MachineError) -> Value {
        var value: Value = 0
        guard !word.isEmpty else { throw malformed("a number is missing", line) }
        for byte in word {
            let digit: UInt8? =
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
                case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
                default: nil
                }
            guard let digit, digit < radix else { throw malformed("expected a number", line) }
            let (product, overflow) = value.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(Value(digit))
            guard !overflow, !carry else { throw malformed("a number is too large", line) }
            value = sum
        }
        return value
    }

    private func malformed(_ reason: String, _ line: Int) -> MachineError {
        MachineError(code: .malformed, path: path, line: line, reason: reason)
    }
}
