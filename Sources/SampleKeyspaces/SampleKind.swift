/// What the keys of a sample bucket look like: the kinds that a listing has to be quick on.
///
/// The raw value is the name that `brigade serve --populate` knows it by.
public enum SampleKind: String, CaseIterable, Sendable {
    // As the arithmetic of listing sees keys.
    case numbers, hex, adjacent, deep, dates, uuids
    case uuidsInFolder = "uuids-in-folder"
    case longPrefix = "long-prefix"
    case extremes, folders, unpadded, bytes, words, base64
    // As applications name them.
    case hotHex = "hot-hex"
    case partitions, timestamps, emails, scripts, customers, applications

    /// What the keys look like, in a few words for a help text.
    public var summary: String {
        switch self {
        case .numbers: "object- and nine digits, without a gap"
        case .hex: "16 hexadecimal digits, as hashes are"
        case .adjacent: "runs of 94 keys that differ in the last byte only"
        case .deep: "all but three of a hundred in one folder, seven levels down"
        case .dates: "a folder a day for ten years, days of different sizes"
        case .uuids: "UUIDs"
        case .uuidsInFolder: "UUIDs in a folder"
        case .longPrefix: "990 bytes that are all the same, then eight hexadecimal digits"
        case .extremes: "keys of one byte, and keys of 1,024 bytes"
        case .folders: "folders of Zipf sizes with unpadded numbers inside"
        case .unpadded: "numbers without leading zeros"
        case .bytes: "characters of all of Unicode, control characters too: bytes 01 to F4"
        case .words: "words of English-like syllables"
        case .base64: "22 characters of base64"
        case .hotHex: "hexadecimal digits, nine in ten with one of three beginnings"
        case .partitions: "tables partitioned by day, as Hive and Spark write them"
        case .timestamps: "numbers that count down with time, some weeks busier than others"
        case .emails: "a folder for each mail address"
        case .scripts: "names in many scripts, and emoji"
        case .customers: "a folder with a file or two for each customer"
        case .applications: "what several applications leave side by side"
        }
    }

    /// Whether the keys are drawn at random and held in memory, rather than computed from their places.
    public var isStored: Bool { keyspace(count: 0) is StoredKeyspace }

    /// Makes the keyspace of this kind with so many keys.
    ///
    /// - Parameter count: The number of keys, 0 to 100,000,000.
    /// - Returns: The keyspace, the same each time.
    public func keyspace(count: Int) -> any SampleKeyspace {
        switch self {
        case .numbers: ComputedKeyspace(count: count, make: ComputedKeys.numbered)
        case .hex: ComputedKeys.uniform(count) { ComputedKeys.hex($0, digits: 16) }
        case .adjacent: ComputedKeyspace(count: count, make: ComputedKeys.adjacent)
        case .deep: ComputedKeys.deepFolder(count)
        case .dates: ComputedKeys.dateTree(count)
        case .uuids: ComputedKeys.uniform(count, ComputedKeys.uuid)
        case .uuidsInFolder: ComputedKeys.uniform(count) { Array("data/objects/".utf8) + ComputedKeys.uuid($0) }
        case .longPrefix: ComputedKeys.commonPrefix(count)
        case .extremes: ComputedKeys.extremes(count)
        case .folders: ComputedKeys.zipfFolders(count)
        case .unpadded: ComputedKeyspace(count: count) { ComputedKeys.unpadded($0, of: count) }
        case .bytes: StoredKeyspace(count: count, make: RandomKeys.scalars)
        case .words: StoredKeyspace(count: count, make: RandomKeys.words)
        case .base64: StoredKeyspace(count: count, make: RandomKeys.base64)
        case .hotHex: StoredKeyspace(count: count, make: RandomKeys.hotHex)
        case .partitions: StoredKeyspace(count: count, make: RandomKeys.hive)
        case .timestamps: StoredKeyspace(count: count, make: RandomKeys.reversedTimestamps)
        case .emails: StoredKeyspace(count: count, make: RandomKeys.emails)
        case .scripts: StoredKeyspace(count: count, make: RandomKeys.names)
        case .customers: StoredKeyspace(count: count, make: RandomKeys.customers)
        case .applications: StoredKeyspace(count: count, make: RandomKeys.severalApplications)
        }
    }
}
