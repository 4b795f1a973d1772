/// What a listing found out about its server that its caller may want to show; none of it is a failure.
public enum ListNotice: Sendable, Hashable {
    /// The server does not list in byte order, but folder by folder, say; it is listed serially.
    case notInByteOrder
    /// The server takes no notice of `start-after`, or refuses it; it is listed serially.
    case startAfterIgnored
}
