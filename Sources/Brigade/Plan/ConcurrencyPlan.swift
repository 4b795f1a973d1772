internal import Machine

/// How many copies may be under way at once on this machine, beside what was asked for.
///
/// Each copy under way holds one connection, and each connection one descriptor. Running out of them shows first in
/// name lookups, which need a socket too, so a few are kept free.
public struct ConcurrencyPlan: Sendable, Hashable {
    /// Connections beyond the copies' own: listing must not wait for a copier's.
    static let connectionsForListing = 8
    /// Descriptors kept free for event loops, name lookups and files.
    static let descriptorsKeptFree = 32

    /// Copies under way at once.
    public let concurrency: Int
    /// What was asked for.
    public let wanted: Int
    /// Descriptors that the process may have open; `nil` without a limit.
    public let descriptorLimit: Int?

    /// The connections that the client may open.
    public var maximumConnections: Int { concurrency + Self.connectionsForListing }

    /// Fits a job to the limits of this process, whose soft limit on descriptors is raised to the hard one first.
    ///
    /// - Throws: ``BrigadeError`` with the code `invalidJob` if not even one copy fits.
    public init(fitting wanted: Int) throws(BrigadeError) {
        let limit: ResourceLimit
        let inUse: Int
        do throws(MachineError) {
            // A limit that cannot be raised is still a limit that can be kept.
            _ = try? DescriptorLimit.raise()
            limit = try DescriptorLimit.current()
            inUse = try DescriptorUse.count()
        } catch {
            throw BrigadeError(code: .invalidJob, message: "the limits of this machine cannot be read: \(error)")
        }
        try self.init(fitting: wanted, descriptorLimit: limit.soft.value.map { Int(clamping: $0) }, inUse: inUse)
    }

    /// Fits a job to a limit on descriptors of which some are in use; `nil` is no limit.
    ///
    /// - Throws: ``BrigadeError`` with the code `invalidJob` if not even one copy fits.
    init(fitting wanted: Int, descriptorLimit: Int?, inUse: Int) throws(BrigadeError) {
        self.wanted = wanted
        self.descriptorLimit = descriptorLimit
        guard let descriptorLimit else {
            concurrency = wanted
            return
        }
        let room = descriptorLimit - inUse - Self.descriptorsKeptFree - Self.connectionsForListing
        guard room >= 1 else {
            throw BrigadeError(
                code: .invalidJob,
                message: "this process may have \(descriptorLimit) descriptors open and has \(inUse); with "
                    + "\(Self.descriptorsKeptFree + Self.connectionsForListing) kept for listing, name lookups and files, "
                    + "none are left for copying; raise the hard limit (ulimit -Hn, LimitNOFILE= of the service)"
            )
        }
        concurrency = min(wanted, room)
    }
}
