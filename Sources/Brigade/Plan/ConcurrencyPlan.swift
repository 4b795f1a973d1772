internal import Machine

/// How many requests may be under way at once on this machine, beside what was asked for.
///
/// Each copy under way and each fetcher use one connection, and each connection one descriptor. Running out of them
/// shows first in name lookups, which need a socket too, so a few are kept free.
public struct ConcurrencyPlan: Sendable, Hashable {
    /// Descriptors kept free for event loops, name lookups and files.
    static let descriptorsKeptFree = 32

    /// Copies under way at once.
    public let concurrency: Int
    /// Pages of the listing asked for at once: at most a quarter of what there is room for beside copies.
    public let fetchers: Int
    /// The copies that were asked for.
    public let wanted: Int
    /// The fetchers that were asked for.
    public let wantedFetchers: Int
    /// Descriptors that the process may have open; `nil` without a limit.
    public let descriptorLimit: Int?

    /// Connections that copies and fetchers together may have beyond one for each copy.
    ///
    /// Fetchers are idle most of the time, since listing is faster than copying; where more of them want a connection,
    /// they take turns with the copies, and no connections stay behind that nothing needs.
    static let connectionsBesideCopies = 4

    /// The connections that the client may open.
    public var maximumConnections: Int {
        concurrency > 0 ? concurrency + min(fetchers, Self.connectionsBesideCopies) : fetchers
    }

    /// Whether it is less than was asked for.
    public var isReduced: Bool { concurrency < wanted || fetchers < wantedFetchers }

    /// Fits a job to the limits of this process, whose soft limit on descriptors is raised to the hard one first.
    ///
    /// - Parameters:
    ///   - wanted: Copies at once; 0 for a job that only lists.
    ///   - fetchers: Pages of the listing at once, at least 1.
    /// - Throws: ``BrigadeError`` with the code `invalidJob` if not even one of each fits.
    public init(fitting wanted: Int, fetchers: Int) throws(BrigadeError) {
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
        try self.init(
            fitting: wanted,
            fetchers: fetchers,
            descriptorLimit: limit.soft.value.map { Int(clamping: $0) },
            inUse: inUse
        )
    }

    /// Fits a job to a limit on descriptors of which some are in use; `nil` is no limit.
    ///
    /// - Throws: ``BrigadeError`` with the code `invalidJob` if not even one copy and one fetcher fit.
    init(fitting wanted: Int, fetchers wantedFetchers: Int, descriptorLimit: Int?, inUse: Int) throws(BrigadeError) {
        self.wanted = wanted
        self.wantedFetchers = wantedFetchers
        self.descriptorLimit = descriptorLimit
        guard let descriptorLimit else {
            concurrency = wanted
            fetchers = wantedFetchers
            return
        }
        let room = descriptorLimit - inUse - Self.descriptorsKeptFree
        guard room >= (wanted > 0 ? 2 : 1) else {
            throw BrigadeError(
                code: .invalidJob,
                message: "this process may have \(descriptorLimit) descriptors open and has \(inUse); with "
                    + "\(Self.descriptorsKeptFree) kept for name lookups and files, there are too few for "
                    + "\(wanted > 0 ? "listing and copying" : "listing"); "
                    + "raise the hard limit (ulimit -Hn, LimitNOFILE= of the service)"
            )
        }
        fetchers = min(wantedFetchers, wanted > 0 ? max(1, room / 4) : room)
        concurrency = min(wanted, room - fetchers)
    }
}
