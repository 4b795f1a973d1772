/// The text of one of the kernel's files, with the path that its errors name.
struct KernelText: Sendable, Hashable {
    /// The file's path.
    let path: String
    /// What was read.
    let text: String

    /// Wraps text that was read from a path.
    init(_ text: String, path: String) {
        self.text = text
        self.path = path
    }

    /// The lines with their numbers, counted from 1.
    ///
    /// - Throws: ``MachineError/Code/malformed`` where the text is empty or its last line lacks the line feed that the
    ///   kernel ends it with: a number that was cut short would be taken for a smaller one.
    func lines() throws(MachineError) -> [(number: Int, text: Substring)] {
        guard !text.isEmpty else { throw malformed("it is empty") }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.removeLast().isEmpty else { throw malformed("it is cut short", line: lines.count + 1) }
        return lines.enumerated().map { ($0.offset + 1, $0.element) }
    }

    /// The blank-separated words of a file that has just one line.
    func words() throws(MachineError) -> [Substring] {
        let lines = try lines()
        guard lines.count == 1 else { throw malformed("it has more than one line", line: 2) }
        return lines[0].text.split(whereSeparator: \.isKernelBlank)
    }

    /// The whole of a file that has one number and nothing else.
    func number() throws(MachineError) -> UInt64 {
        let words = try words()
        guard words.count == 1 else { throw malformed("expected one number", line: 1) }
        return try number(words[0], line: 1)
    }

    /// A decimal number without sign.
    func number<Value: FixedWidthInteger>(_ word: Substring, line: Int) throws(MachineError) -> Value {
        guard word.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Value(word) else {
            throw malformed("expected a number, not \"\(word.prefix(40))\"", line: line)
        }
        return value
    }

    /// An error about this text.
    func malformed(_ reason: String, line: Int? = nil) -> MachineError {
        MachineError(code: .malformed, path: path, line: line, reason: reason)
    }
}

extension Character {
    /// What the kernel separates words of a line with.
    var isKernelBlank: Bool { self == " " || self == "\t" }
}
