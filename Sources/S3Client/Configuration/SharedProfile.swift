/// One profile as the shared `config` and `credentials` files give it.
struct SharedProfile: Sendable {
    /// The profile's part in one of the files.
    struct Part: Sendable {
        /// The file's path.
        var path: String
        /// Values by name in lower case; empty where the file does not have the profile.
        var settings: [String: SharedConfigFile.Value]
    }

    /// The profile's name.
    var name: String
    /// What the `config` file says.
    var config: Part
    /// What the `credentials` file says, which wins.
    var credentials: Part

    /// The text of a setting that is set and not empty, and where it stands.
    func text(_ setting: String) -> (value: String, origin: ClientSettings.Origin)? {
        guard let part = part(with: setting), let text = part.settings[setting]?.text else { return nil }
        return (text, origin(in: part))
    }

    /// The text of a setting that is nested below another, and where it stands.
    func text(_ setting: String, below outer: String) -> (value: String, origin: ClientSettings.Origin)? {
        guard let part = part(with: outer), let text = part.settings[outer]?.nested[setting], !text.isEmpty else {
            return nil
        }
        return (text, origin(in: part))
    }

    /// How messages name a part of this profile.
    func origin(in part: Part) -> ClientSettings.Origin {
        .profile(name: name, file: part.path)
    }

    private func part(with setting: String) -> Part? {
        if credentials.settings[setting] != nil {
            credentials
        } else if config.settings[setting] != nil {
            config
        } else {
            nil
        }
    }
}
