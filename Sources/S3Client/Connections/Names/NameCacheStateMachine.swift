/// Which addresses a name has, when it is looked up again, and what holds while that fails.
///
/// The first lookup is waited for. All others run beside the requests: what was found last is used until something else
/// is found, however long the name servers are away.
struct NameCacheStateMachine<Name: Hashable, Addresses> {
    /// How addresses are come by.
    enum AskAction {
        /// Use these; where `refresh` is set, look the name up meanwhile.
        case use(Addresses, refresh: Bool)
        /// Look the name up, and wait for what comes of it.
        case lookUp
        /// Wait for the lookup that is under way.
        case wait
    }

    /// What a lookup that failed leaves.
    enum FailureAction {
        /// The addresses from before go on being used.
        case keep(Addresses)
        /// There are none: whoever waits fails.
        case fail
    }

    private struct Entry {
        var addresses: Addresses?
        var isLookingUp = false
        var lookedUp = Duration.zero
        var expires = Duration.zero
    }

    /// How soon a name is looked up again after a failure, and at the soonest in any case.
    static var respite: Duration { .seconds(5) }

    private let lifetime: Duration
    private var entries: [Name: Entry] = [:]

    /// Creates an empty cache.
    ///
    /// - Parameter lifetime: How long addresses are good.
    init(lifetime: Duration) {
        self.lifetime = lifetime
    }

    /// Somebody wants the addresses of a name.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - now: The time, since any moment that stays the same.
    /// - Returns: Where they come from; a lookup is told of with ``found(_:for:at:)`` or ``failed(_:at:)``.
    mutating func ask(_ name: Name, at now: Duration) -> AskAction {
        var entry = entries[name, default: Entry()]
        let isDue = !entry.isLookingUp && now >= entry.expires
        if isDue { entry.isLookingUp = true }
        entries[name] = entry
        guard let addresses = entry.addresses else { return isDue ? .lookUp : .wait }
        return .use(addresses, refresh: isDue)
    }

    /// A lookup succeeded.
    mutating func found(_ addresses: Addresses, for name: Name, at now: Duration) {
        entries[name] = Entry(addresses: addresses, lookedUp: now, expires: now + lifetime)
    }

    /// A lookup failed.
    mutating func failed(_ name: Name, at now: Duration) -> FailureAction {
        guard let addresses = entries[name]?.addresses else {
            entries[name] = nil
            return .fail
        }
        entries[name]?.isLookingUp = false
        entries[name]?.lookedUp = now
        entries[name]?.expires = now + Self.respite
        return .keep(addresses)
    }

    /// The addresses did not serve: they are looked up again as soon as that may help.
    mutating func doubt(_ name: Name) {
        guard let entry = entries[name] else { return }
        entries[name]?.expires = min(entry.expires, entry.lookedUp + Self.respite)
    }
}
