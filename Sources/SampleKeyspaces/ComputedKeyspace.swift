/// Keys that are a function of their place in the order.
struct ComputedKeyspace: SampleKeyspace {
    let count: Int
    let make: @Sendable (Int) -> [UInt8]

    func key(at index: Int) -> [UInt8] { make(index) }
}
