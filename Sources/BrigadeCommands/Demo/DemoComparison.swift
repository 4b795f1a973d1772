internal import LocalS3

/// Two buckets held against each other, key by key.
struct DemoComparison {
    /// What differs, a line each, at most ten.
    private(set) var differences: [String] = []
    /// How many objects are the same on both sides.
    private(set) var equal = 0

    /// Compares keys, sizes, ETags, metadata and content types; both sides are in the order of their keys.
    init(_ source: [StoredObject], _ copy: [StoredObject]) {
        let copies = Dictionary(uniqueKeysWithValues: copy.map { ($0.key, $0) })
        for object in source {
            let name = String(decoding: object.key, as: UTF8.self)
            switch copies[object.key] {
            case nil: note("missing: \(name)")
            case .some(object): equal += 1
            case .some: note("different: \(name)")
            }
        }
        if copy.count > source.count { note("\(copy.count - source.count) objects too many") }
    }

    private mutating func note(_ difference: String) {
        if differences.count < 10 { differences.append(difference) }
    }
}
