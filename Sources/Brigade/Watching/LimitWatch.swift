/// Notices when a job comes near a limit of its machine: once for each limit.
public struct LimitWatch: Sendable {
    private let descriptorLimit: Int?
    private let descriptorsLeast: Int
    private let portsLeast: Int
    private var toldOfDescriptors = false
    private var toldOfPorts = false

    /// Watches the limits of a plan; what is near is less than half of the margin that the plan has left.
    public init(_ budget: ConnectionBudget) {
        let descriptors = budget.limits.first { $0.kind == .descriptors }
        descriptorLimit = descriptors?.maximum.map { Int(clamping: $0) }
        descriptorsLeast = ConnectionBudget.descriptorsKeptFree / 2
        let smallest = budget.ways.map(\.available).min() ?? 0
        portsLeast = smallest / ConnectionBudget.portPart / 2
    }

    /// What there is to tell after a sample.
    public mutating func notices(for sample: MachineSample) -> [WatchNotice] {
        var notices: [WatchNotice] = []
        if !toldOfDescriptors, let limit = descriptorLimit, let inUse = sample.descriptors,
            limit - inUse < descriptorsLeast
        {
            toldOfDescriptors = true
            notices.append(.descriptors(inUse: inUse, of: limit))
        }
        if !toldOfPorts, let left = sample.portsLeft, left < portsLeast {
            toldOfPorts = true
            notices.append(.localPorts(left: left, timeWait: sample.timeWait ?? 0))
        }
        return notices
    }
}
