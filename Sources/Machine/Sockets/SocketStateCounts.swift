/// How many sockets are in each state.
public struct SocketStateCounts: Sendable, Hashable {
    // One place for each of the kernel's numbers, without memory of its own: there may be one of these for each remote
    // address.
    private var counts = SIMD16<UInt32>()

    /// No sockets.
    public init() {}

    /// The sockets in a state, at least 0.
    public subscript(state: TCPState) -> Int {
        get { Int(counts[Int(state.rawValue)]) }
        set { counts[Int(state.rawValue)] = UInt32(newValue) }
    }

    /// The sockets in all states.
    public var total: Int { TCPState.allCases.reduce(0) { $0 + self[$1] } }

    /// Adds the sockets of two counts.
    public static func += (left: inout SocketStateCounts, right: SocketStateCounts) {
        for state in TCPState.allCases { left[state] += right[state] }
    }
}
