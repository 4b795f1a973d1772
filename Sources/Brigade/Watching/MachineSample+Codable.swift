internal import Machine

extension MachineSample: Codable {
    private enum Key: String, CodingKey {
        case seconds, descriptors, sockets, portsLeft, connectionsOpen, connectionsOpened, connectionsClosed
        case connectionsReused, requests, requestsPerSecond, processorSeconds, residentBytes
    }

    /// Reads a sample; members that are not there are not known.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(elapsed: .seconds(try values.decode(Double.self, forKey: .seconds)))
        descriptors = try values.decodeIfPresent(Int.self, forKey: .descriptors)
        sockets = try values.decodeIfPresent([String: Int].self, forKey: .sockets)
        portsLeft = try values.decodeIfPresent(Int.self, forKey: .portsLeft)
        connectionsOpen = try values.decode(Int.self, forKey: .connectionsOpen)
        connectionsOpened = try values.decode(Int.self, forKey: .connectionsOpened)
        connectionsClosed = try values.decode(Int.self, forKey: .connectionsClosed)
        connectionsReused = try values.decode(Int.self, forKey: .connectionsReused)
        requests = try values.decode(Int.self, forKey: .requests)
        requestsPerSecond = try values.decode(Double.self, forKey: .requestsPerSecond)
        processorTime = try values.decodeIfPresent(Double.self, forKey: .processorSeconds).map { .seconds($0) }
        resident = try values.decodeIfPresent(ByteCount.self, forKey: .residentBytes)
    }

    /// Writes times in seconds, to the millisecond, and leaves out what is not known.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(Self.seconds(elapsed), forKey: .seconds)
        try values.encodeIfPresent(descriptors, forKey: .descriptors)
        try values.encodeIfPresent(sockets, forKey: .sockets)
        try values.encodeIfPresent(portsLeft, forKey: .portsLeft)
        try values.encode(connectionsOpen, forKey: .connectionsOpen)
        try values.encode(connectionsOpened, forKey: .connectionsOpened)
        try values.encode(connectionsClosed, forKey: .connectionsClosed)
        try values.encode(connectionsReused, forKey: .connectionsReused)
        try values.encode(requests, forKey: .requests)
        try values.encode((requestsPerSecond * 10).rounded() / 10, forKey: .requestsPerSecond)
        try values.encodeIfPresent(processorTime.map(Self.seconds), forKey: .processorSeconds)
        try values.encodeIfPresent(resident, forKey: .residentBytes)
    }

    private static func seconds(_ time: Duration) -> Double { (time / .milliseconds(1)).rounded() / 1000 }
}
