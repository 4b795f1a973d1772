/// A value of JSON, for documents whose fields are not those of one type.
indirect enum JSONValue: Hashable, Encodable {
    case null
    case bool(Bool)
    case number(Int)
    case amount(UInt64)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// What becomes of a value, or null where there is none.
    static func optional<Value>(_ value: Value?, _ transform: (Value) -> JSONValue) -> JSONValue {
        value.map(transform) ?? .null
    }

    /// Writes the value itself, without a name for its kind.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .amount(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values)
        case .object(let fields): try container.encode(fields)
        }
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object.
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }
}
