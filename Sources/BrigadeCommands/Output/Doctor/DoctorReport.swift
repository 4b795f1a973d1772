/// What `brigade doctor` found, as JSON tells it and as ``DoctorPage`` shows it.
struct DoctorReport: Encodable {
    /// A setting of the kernel's with what there is to say of it.
    struct Setting: Encodable, Equatable {
        /// The name that sysctl(8) has for it.
        var name: String
        /// Its value for people, or why it is not known.
        var value: String
        /// What it does for a job and what it does not do.
        var advice: String
    }

    /// One thing that was tried.
    struct Check: Encodable, Equatable {
        /// How it went.
        enum State: String, Encodable {
            /// As it should.
            case ok
            /// A job will work; there is something to know.
            case notice
            /// A job will not work.
            case problem
            /// Not tried, since something before it failed.
            case skipped
        }

        /// What was tried.
        var name: String
        var state: State
        /// What was found, as a phrase.
        var finding: String
        /// What was measured, in milliseconds: the lookup, a connection, the TLS handshake; the difference of the clocks.
        var milliseconds: Double?
    }

    /// The service's URL; left out where none was named.
    var endpoint: String?
    /// What was looked at, `s3://BUCKET/PREFIX`.
    var bucket: String?
    /// The addresses of the service's host.
    var addresses: [String] = []
    /// What permits how many connections to these addresses.
    var limits: [PlanDocument.Limit]
    /// The name of the limit that permits the fewest.
    var binding: String?
    /// What a job would use; left out where none could begin.
    var plan: PlanDocument?
    /// What a job would use, in a sentence, or why it could not begin.
    var verdict: String
    /// Connections in TIME_WAIT, of all programs in this network; left out where that is not known.
    var timeWait: UInt64?
    var settings: [Setting]
    var checks: [Check]

    /// Whether nothing was found that will not work.
    var isFine: Bool { plan != nil && !checks.contains { $0.state == .problem } }
}
