/// The sections of one AWS shared `config` or `credentials` file, not yet interpreted.
///
/// The format is the INI dialect of the AWS SDKs and Tools Reference Guide, "Using shared config and credentials files",
/// read as botocore reads it (`configloader.py`), which is stricter than the guide in one point: a section or a setting
/// that stands twice in a file is an error rather than a silent choice of one. Unlike botocore, text after ` #` or ` ;`
/// on a line is a comment, and a byte order mark is skipped, as in the other SDKs.
///
/// Values may be secrets: no error of the parser quotes one, and the type stays inside the module.
struct SharedConfigFile: Sendable {
    /// What stands right of a setting's `=`.
    enum Value: Sendable, Hashable {
        /// Text without the white space around it; lines that continue it are joined with line feeds.
        case text(String)
        /// An empty value followed by deeper indented `name = value` lines; names in lower case.
        case nested([String: String])

        /// The text; `nil` for nested settings and for an empty value, which counts as not set.
        var text: String? {
            if case .text(let text) = self, !text.isEmpty { text } else { nil }
        }

        /// The nested settings' values by name; empty for plain text.
        var nested: [String: String] {
            if case .nested(let settings) = self { settings } else { [:] }
        }
    }

    /// One bracketed section.
    struct Section: Sendable, Hashable {
        /// What stands between the brackets, without the white space around it.
        var name: String
        /// The line of the opening bracket, counted from 1.
        var line: Int
        /// Values by name in lower case.
        var settings: [String: Value] = [:]

        /// The `x` of a section named `[kind x]`, with quotation marks around it removed; `nil` for any other section.
        func name(ofKind kind: String) -> String? {
            guard name.hasPrefix(kind) else { return nil }
            let rest = name.dropFirst(kind.count)
            let inner = rest.trimmingBlanks()
            guard let first = inner.first, inner.startIndex != rest.startIndex else { return nil }
            if first == "\"" || first == "'" {
                let quoted = inner.dropFirst()
                guard quoted.last == first, quoted.count > 1 else { return nil }
                return String(quoted.dropLast())
            }
            return inner.contains(where: \.isBlank) ? nil : String(inner)
        }
    }

    /// The path that the text was read from, for messages.
    var path: String
    /// The sections in the order of the file; no two have the same name.
    var sections: [Section] = []
}

extension SharedConfigFile {
    /// Parses the text of a file.
    ///
    /// - Parameters:
    ///   - text: The whole file; lines end with LF, CR LF or CR. An empty text has no sections.
    ///   - path: The file's path, for messages.
    /// - Throws: ``S3ClientError/Code/configuration`` with path and line number for a line that is neither a comment,
    ///   a section, a setting nor the continuation of one, and for a section or setting that stands twice.
    init(parsing text: String, path: String) throws(S3ClientError) {
        var parser = SharedConfigParser(path: path)
        for line in text.linesOfAnyEnding() {
            try parser.consume(line)
        }
        self = try parser.finish()
    }
}

extension Character {
    /// Space, tab, vertical tab or form feed.
    var isBlank: Bool { self == " " || self == "\t" || self == "\u{0B}" || self == "\u{0C}" }
}

extension StringProtocol {
    /// The text without blanks at either end.
    func trimmingBlanks() -> SubSequence {
        let start = drop(while: \.isBlank)
        guard let last = start.lastIndex(where: { !$0.isBlank }) else { return start.prefix(0) }
        return start[...last]
    }

    /// The lines, without their LF, CR LF or CR and without a byte order mark before the first.
    func linesOfAnyEnding() -> [SubSequence] {
        let body = first == "\u{FEFF}" ? dropFirst() : self[...]
        // CR LF is one Character; the wider `isNewline` would also end lines at U+0085 and U+2028.
        return body.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    }
}
