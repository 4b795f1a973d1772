extension PrefixMapping {
    /// The range of the copies of all keys in a range; `nil` if no key with the source's prefix lies in it.
    ///
    /// The bounds need not begin with the prefix themselves: a range that reaches beyond the keys that do has no bound at
    /// that side. Keys with the destination's prefix and copies correspond one to one, in the same order.
    public func map(_ range: KeyRange) -> KeyRange? {
        guard !source.isEmpty || !destination.isEmpty else { return range }
        var mapped = KeyRange()
        if range.after.starts(with: source) {
            // Nothing comes before the name that is empty; it lies in the range only if the range has no lower bound.
            mapped.after = destination + range.after.dropFirst(source.count)
        } else if !KeyOrder.precedes(range.after[...], source[...]) {
            return nil
        }
        if let through = range.through {
            if through.starts(with: source) {
                mapped.through = destination + through.dropFirst(source.count)
            } else if KeyOrder.precedes(through[...], source[...]) {
                return nil
            }
        }
        return mapped
    }
}
