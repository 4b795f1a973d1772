internal import Keyspace

/// Two places whose objects are to be compared, names without the places' prefixes.
public struct ComparisonJob: Sendable {
    /// What the destination is measured by.
    public var source: ObjectLocation
    /// What is compared with it.
    public var destination: ObjectLocation
    /// Pages asked for at once: 1 to 1,024, by default 16; see ``ListJob/fetchers``.
    public var fetchers = 16
    /// The folder of the temporary file for what does not fit into memory; by default `/var/tmp`.
    ///
    /// That is differences beyond 1 MiB, and both listings on a server that does not list in byte order.
    public var spoolFolder = "/var/tmp"

    /// Creates a job of the defaults between two places of the same service.
    public init(_ source: ObjectLocation, _ destination: ObjectLocation) {
        self.source = source
        self.destination = destination
    }

    /// Checks what can be checked before anything is sent.
    ///
    /// - Throws: ``BrigadeError`` with the code `invalidJob`.
    public func validate() throws(BrigadeError) {
        try listing(of: source).validate()
    }

    /// How names correspond.
    var mapping: PrefixMapping { PrefixMapping(source: source.prefix, destination: destination.prefix) }

    /// How one of the places is listed.
    func listing(of place: ObjectLocation) -> ListJob {
        var job = ListJob(place)
        job.fetchers = fetchers
        return job
    }
}
