/// What kept a probe from giving a value; a probe never gives zero for "not known".
public struct MachineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case unavailable, malformed, refused
        }

        private var kind: Kind

        /// The file or system call does not exist here, or this process may not read it.
        public static let unavailable = Code(kind: .unavailable)
        /// The kernel's text is not what the probe knows: another format, cut short, or far too long.
        public static let malformed = Code(kind: .malformed)
        /// The kernel refused a change.
        public static let refused = Code(kind: .refused)

        /// The code's name, as reports print it.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// The file that was read, or the system call in the form `getrlimit(2)`.
    public var path: String
    /// The line of the file, counted from 1, where the text is malformed; `nil` for the file as a whole.
    public var line: Int?
    /// Why, as a phrase.
    public var reason: String

    /// Creates an error.
    public init(code: Code, path: String, line: Int? = nil, reason: String) {
        self.code = code
        self.path = path
        self.line = line
        self.reason = reason
    }

    /// One sentence: what, where and why.
    public var description: String {
        let place = line.map { "\(path), line \($0)" } ?? path
        return switch code {
        case .malformed: "\(place) is not in the format that is known: \(reason)"
        case .refused: "\(place) was refused: \(reason)"
        default: "\(place) cannot be read: \(reason)"
        }
    }
}
