import Machine

/// One limit as it is reported.
struct LimitEntry: Hashable {
    /// Whose limit it is; the order of the report.
    enum Scope: String, CaseIterable {
        case process
        case controlGroup = "control-group"
        case system
    }

    /// What amounts are counted in.
    enum Unit: String {
        case bytes, seconds, microseconds, files, locks, ports, priority, processors, signals, threads
    }

    /// An amount in the entry's unit.
    enum Amount: Hashable {
        case count(UInt64)
        case fraction(Double)
        case unlimited

        /// The amount as a number; `nil` for ``unlimited``.
        var number: Double? {
            switch self {
            case .count(let count): Double(count)
            case .fraction(let fraction): fraction
            case .unlimited: nil
            }
        }

        init(_ ceiling: Ceiling) {
            self = ceiling.value.map { .count($0) } ?? .unlimited
        }

        init(_ bytes: ByteCount) {
            self = .count(bytes.bytes)
        }
    }

    /// The name in reports, which stays: words in lower case with hyphens.
    var name: String
    var scope: Scope
    var unit: Unit
    /// The limit that holds.
    var soft: Amount
    /// What the limit can be raised to; `nil` where there is no such second limit.
    var hard: Amount?
    /// What is used; `nil` where it is not known.
    var inUse: Amount?
    /// The file or system call that the limit was read from.
    var source: String

    /// The part of the soft limit that is used, 1 for all; `nil` without a limit or a known use.
    var share: Double? {
        guard let limit = soft.number, limit > 0, let used = inUse?.number else { return nil }
        return used / limit
    }
}
