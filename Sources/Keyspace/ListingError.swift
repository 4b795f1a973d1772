/// Why a server's answers cannot be taken for a listing.
public struct ListingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong.
    public enum Code: Sendable, Hashable {
        /// The first key is not above the key that was asked for: the server takes no notice of `start-after`.
        case notAboveStart
        /// A key is not above the one before: the server does not list in byte order.
        case notAscending
        /// The page holds no key yet says that more follow, so that the listing cannot go on from a key.
        case noProgress
        /// The page holds more than was asked for.
        case pageTooLong
    }

    /// What was wrong.
    public let code: Code
    /// The key after which the listing stands, and which was asked to be listed after.
    public let after: [UInt8]

    /// A sentence for a person.
    public var description: String {
        let place = after.isEmpty ? "at the start" : "after the key \"\(String(decoding: after, as: UTF8.self))\""
        return switch code {
        case .notAboveStart: "the listing \(place) began with a key that is not above it"
        case .notAscending: "the listing \(place) is not in byte order"
        case .noProgress: "the listing \(place) gave no key, yet says that more follow"
        case .pageTooLong: "the listing \(place) gave more keys than were asked for"
        }
    }
}
