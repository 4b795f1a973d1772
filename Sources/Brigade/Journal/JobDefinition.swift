/// What a job is, as its journal keeps it: enough to go on with it later, and no secret.
public struct JobDefinition: Sendable, Hashable, Codable {
    /// The user's own name for the job; `nil` for none.
    ///
    /// 1 to 64 ASCII letters, digits, `.`, `_` and `-`, not beginning with `.` or `-`.
    public var name: String?
    /// Where the objects are, as a URL.
    public var source: String
    /// Where the copies go, as a URL.
    public var destination: String
    /// The service's URL; `nil` for Amazon S3.
    public var endpoint: String?
    /// The region that is signed for; `nil` where none was set.
    public var region: String?
    /// The name of the profile that the credentials came from; `nil` for none.
    public var profile: String?
    /// Whether both places are compared when everything was copied; not all journals tell.
    public var isVerified: Bool?
    /// The job's options, in the form that whoever began it understands, such as a command's arguments.
    public var options: [String]
    /// The folder in which relative paths among the options are meant.
    public var workingDirectory: String

    /// Describes a job between two places, with nothing else set.
    public init(
        source: ObjectLocation,
        destination: ObjectLocation,
        options: [String] = [],
        workingDirectory: String = "/"
    ) {
        self.source = source.description
        self.destination = destination.description
        self.options = options
        self.workingDirectory = workingDirectory
    }

    /// Checks the name.
    ///
    /// - Throws: ``BrigadeError`` with the code `invalidJob`.
    public func validate() throws(BrigadeError) {
        guard let name else { return }
        let isAllowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isAllowed, (1...64).contains(name.utf8.count), name.first != ".", name.first != "-" else {
            throw BrigadeError(
                code: .invalidJob,
                message: "'\(name)' is no name for a job: 1 to 64 letters, digits, '.', '_' and '-', "
                    + "beginning with a letter, a digit or '_'"
            )
        }
    }
}
