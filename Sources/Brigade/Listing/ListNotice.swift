/// What a listing found out about its server that its caller may want to show; none of it is a failure.
public enum ListNotice: Sendable, Hashable {
    /// The server does not list in byte order, but folder by folder, say; it is listed serially.
    case notInByteOrder
    /// The server takes no notice of `start-after`, or refuses it; it is listed serially.
    case startAfterIgnored
    /// The server tells keys twice in a row, or begins a page with keys of the page before; each counts once.
    case keysRepeated
    /// Of the keys to cut at, none has the source's prefix and lies beyond the first pages; the listing finds out by
    /// itself where to cut.
    case splitPointsUseless
}
