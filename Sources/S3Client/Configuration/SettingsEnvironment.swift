/// Environment variables as settings see them: one that is set to nothing counts as not set.
struct SettingsEnvironment: Sendable {
    private let variables: [String: String]

    /// Wraps the variables of a process.
    init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The variable's value; `nil` where it is absent or empty.
    subscript(name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    /// The value of the first of these variables that is set, and its name.
    func first(of names: String...) -> (value: String, origin: ClientSettings.Origin)? {
        for name in names {
            if let value = self[name] { return (value, .environment(name)) }
        }
        return nil
    }

    /// The path with a leading `~` replaced by `HOME`; unchanged where `HOME` is not set or another user's folder is
    /// meant (`~name`).
    func expandingHome(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/"), let home = self["HOME"] else { return path }
        return home + path.dropFirst()
    }
}
