/// Takes the lines of a shared configuration file one after the other and builds its sections.
///
/// A line that is indented deeper than the setting above it continues that setting; any other line begins something new.
/// A blank line or a comment in between changes nothing.
struct SharedConfigParser {
    /// A setting whose continuation lines may still follow.
    private struct OpenSetting {
        var name: String
        var line: Int
        var indentation: Int
        var text: String
        var continuations: [(line: Int, text: Substring)] = []
    }

    private var file: SharedConfigFile
    private var lineNumber = 0
    private var sectionLines: [String: Int] = [:]
    private var settingLines: [String: Int] = [:]
    private var open: OpenSetting?

    /// Creates a parser whose errors name this path.
    init(path: String) {
        file = SharedConfigFile(path: path)
    }

    /// Takes the next line, without its line ending.
    mutating func consume(_ line: Substring) throws(S3ClientError) {
        lineNumber += 1
        let content = line.trimmingBlanks()
        guard let first = content.first, first != "#", first != ";" else { return }
        let indentation = line.distance(from: line.startIndex, to: content.startIndex)
        if let setting = open, indentation > setting.indentation {
            open?.continuations.append((lineNumber, content.droppingComment()))
            return
        }
        try closeSetting()
        if first == "[" {
            try beginSection(content)
        } else {
            try beginSetting(content, indentation: indentation)
        }
    }

    /// Ends the last setting and gives the sections.
    consuming func finish() throws(S3ClientError) -> SharedConfigFile {
        try closeSetting()
        return file
    }

    private mutating func beginSection(_ content: Substring) throws(S3ClientError) {
        guard let end = content.firstIndex(of: "]") else { throw malformed("a section lacks its closing bracket") }
        let name = String(content[content.index(after: content.startIndex)..<end].trimmingBlanks())
        let rest = content[content.index(after: end)...].trimmingBlanks()
        guard rest.isEmpty || rest.first == "#" || rest.first == ";" else {
            throw malformed("there is text after a section's closing bracket")
        }
        guard !name.isEmpty else { throw malformed("a section has no name") }
        if let earlier = sectionLines.updateValue(lineNumber, forKey: name) {
            throw malformed("section [\(name)] stands on line \(earlier) already")
        }
        settingLines = [:]
        file.sections.append(SharedConfigFile.Section(name: name, line: lineNumber))
    }

    private mutating func beginSetting(_ content: Substring, indentation: Int) throws(S3ClientError) {
        guard !file.sections.isEmpty else { throw malformed("there is a setting before the first section") }
        // The guide knows only `=`; botocore takes `:` as well, and so files have it.
        guard let delimiter = content.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
            throw malformed("expected a [section] or a setting of the form name = value")
        }
        let name = content[..<delimiter].trimmingBlanks().lowercased()
        guard !name.isEmpty else { throw malformed("a setting has no name") }
        if let earlier = settingLines.updateValue(lineNumber, forKey: name) {
            throw malformed("setting \(name) stands on line \(earlier) already")
        }
        let value = content[content.index(after: delimiter)...].droppingComment()
        open = OpenSetting(name: name, line: lineNumber, indentation: indentation, text: String(value))
    }

    private mutating func closeSetting() throws(S3ClientError) {
        guard let setting = open else { return }
        open = nil
        let value: SharedConfigFile.Value
        if setting.text.isEmpty, !setting.continuations.isEmpty {
            value = .nested(try nestedSettings(of: setting))
        } else {
            value = .text(([setting.text] + setting.continuations.map { String($0.text) }).joined(separator: "\n"))
        }
        file.sections[file.sections.count - 1].settings[setting.name] = value
    }

    private func nestedSettings(of setting: OpenSetting) throws(S3ClientError) -> [String: String] {
        var nested: [String: String] = [:]
        for (line, text) in setting.continuations {
            guard let delimiter = text.firstIndex(of: "=") else {
                throw malformed("expected name = value below \(setting.name)", line: line)
            }
            let name = text[..<delimiter].trimmingBlanks().lowercased()
            guard !name.isEmpty else { throw malformed("a setting below \(setting.name) has no name", line: line) }
            let value = String(text[text.index(after: delimiter)...].trimmingBlanks())
            guard nested.updateValue(value, forKey: name) == nil else {
                throw malformed("setting \(name) below \(setting.name) stands twice", line: line)
            }
        }
        return nested
    }

    private func malformed(_ what: String, line: Int? = nil) -> S3ClientError {
        S3ClientError(code: .configuration, message: "\(file.path), line \(line ?? lineNumber): \(what)")
    }
}

extension Substring {
    /// The text up to a `#` or `;` that follows a blank, without blanks at either end.
    fileprivate func droppingComment() -> Substring {
        var previous: Character?
        for index in indices {
            if self[index] == "#" || self[index] == ";", previous?.isBlank == true {
                return self[..<index].trimmingBlanks()
            }
            previous = self[index]
        }
        return trimmingBlanks()
    }
}
