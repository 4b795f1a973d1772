/// What became of the connections on one way: from one local address to one remote address and port.
public struct AddressStatistics: Sendable, Hashable {
    /// The local address: one of ``S3ClientConfiguration/sourceAddresses``, or the one that the kernel chose last; `nil`
    /// where no connection was opened yet.
    public internal(set) var source: String?
    /// The remote address and port, as `192.0.2.1:443` or `[2001:db8::1]:443`; `nil` in the row that adds up what became
    /// of connections to addresses that the name has had long ago.
    public internal(set) var remote: String?
    /// The counts.
    ///
    /// Those of requests include the ones on connections that are still open.
    public internal(set) var tally = ConnectionTally()
}
