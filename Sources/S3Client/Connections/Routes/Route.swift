/// A way to an origin: from a local address to one of the addresses of its name.
///
/// Connections on the same route differ in their local port only, and so share what ports the kernel has for them.
struct Route<Address: Hashable & Sendable>: Hashable, Sendable {
    /// The local address to be bound to; `nil` leaves the choice to the kernel.
    var source: Address?
    /// What to connect to.
    var remote: Address
}
