import FoundationEssentials
import Machine

/// The limits that were found, and what could not be read.
struct LimitsReport: ProbeReport {
    /// The process whose limits these are.
    struct Process: Hashable, Encodable {
        var id: Int32
        var name: String
    }

    /// `nil` where nothing could be read of it.
    var process: Process?
    /// In the order of their scopes.
    var entries: [LimitEntry] = []
    /// A sentence for each probe that failed.
    var failures: [String] = []

    /// Adds a limit that has no second, hard one.
    mutating func add(
        _ name: String,
        _ scope: LimitEntry.Scope,
        _ unit: LimitEntry.Unit,
        limit: LimitEntry.Amount,
        inUse: LimitEntry.Amount? = nil,
        source: String
    ) {
        entries.append(
            LimitEntry(name: name, scope: scope, unit: unit, soft: limit, hard: nil, inUse: inUse, source: source)
        )
    }

    /// One JSON object with the fields `process` (`id`, `name`; or null), `limits` and `failures`.
    ///
    /// A limit has `name`, `scope`, `unit`, `soft`, `hard`, `inUse`, `share` and `source`, all of them always; an
    /// amount is a number, the string `unlimited`, or null for one that does not exist or is not known.
    func json() throws -> String {
        try JSONDocument.encoded(self)
    }
}

extension LimitsReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case process, failures
        case entries = "limits"
    }

    /// Writes null for a process that is not known.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(process, forKey: .process)
        try container.encode(entries, forKey: .entries)
        try container.encode(failures, forKey: .failures)
    }
}

extension LimitEntry: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name, scope, unit, soft, hard, inUse, share, source
    }

    /// Writes every field, null for what is not known.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(scope.rawValue, forKey: .scope)
        try container.encode(unit.rawValue, forKey: .unit)
        try container.encode(soft, forKey: .soft)
        try container.encode(hard, forKey: .hard)
        try container.encode(inUse, forKey: .inUse)
        try container.encode(share, forKey: .share)
        try container.encode(source, forKey: .source)
    }
}

extension LimitEntry.Amount: Encodable {
    /// Writes a number, or `unlimited`.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .count(let count): try container.encode(count)
        case .fraction(let fraction): try container.encode(fraction)
        case .unlimited: try container.encode("unlimited")
        }
    }
}
