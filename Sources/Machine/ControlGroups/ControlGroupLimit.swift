/// A limit that a control group sets, and what the group uses of it together with all groups below.
public struct ControlGroupLimit<Amount: Sendable & Hashable>: Sendable, Hashable {
    /// The most that the group may have.
    public var maximum: Amount
    /// What it has now.
    public var inUse: Amount
    /// The path of the file with the limit.
    public var path: String

    /// Creates a limit.
    public init(maximum: Amount, inUse: Amount, path: String) {
        self.maximum = maximum
        self.inUse = inUse
        self.path = path
    }

    /// The same limit in another unit.
    func map<Other>(_ transform: (Amount) -> Other) -> ControlGroupLimit<Other> {
        ControlGroupLimit<Other>(maximum: transform(maximum), inUse: transform(inUse), path: path)
    }
}

extension ControlGroupLimit<UInt64> {
    /// What is left; 0 where more is used than allowed.
    var room: UInt64 { maximum > inUse ? maximum - inUse : 0 }
}
