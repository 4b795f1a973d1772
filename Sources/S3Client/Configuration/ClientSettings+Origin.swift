extension ClientSettings {
    /// A setting whose origin can be asked for.
    public enum Setting: String, Sendable, Hashable, CaseIterable {
        /// ``ClientSettings/profile``
        case profile
        /// ``ClientSettings/credentials``
        case credentials
        /// ``ClientSettings/region``
        case region
        /// ``ClientSettings/endpoint``
        case endpoint
        /// ``ClientSettings/addressing``
        case addressing
        /// ``ClientSettings/caBundle``
        case caBundle
        /// ``ClientSettings/verifyTLS``
        case verifyTLS
    }

    /// Where a value came from; its description completes "the region eu-west-1, from …".
    public enum Origin: Sendable, Hashable, CustomStringConvertible {
        /// An option of the command line, or the program that uses the library.
        case option
        /// An environment variable of this name.
        case environment(String)
        /// A profile in a shared configuration file.
        case profile(name: String, file: String)
        /// No setting names a value: the default.
        case standard

        /// A phrase for messages.
        public var description: String {
            switch self {
            case .option: "the command line"
            case .environment(let name): name
            case .profile(let name, let file): "profile \(name) in \(file)"
            case .standard: "the default"
            }
        }
    }
}
