/// What a connection leads to; requests to the same origin share connections.
struct ConnectionOrigin: Sendable, Hashable {
    /// A name, or an address without brackets.
    var host: String
    var port: Int
    var usesTLS: Bool

    /// The origin as messages name it.
    var description: String {
        "\(usesTLS ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}
