/// Faults that befall certain objects, each by its key.
extension Faults {
    /// Why an object cannot be read or copied: the code of the first of ``deniedKeyPrefixes`` and ``refusals`` that means
    /// its key; `nil` if it can.
    public func refusal(of key: [UInt8]) -> String? {
        if deniedKeyPrefixes.contains(where: { key.starts(with: $0.utf8) }) { return "AccessDenied" }
        for (index, refusal) in refusals.enumerated()
        where befalls(key, share: refusal.share, kind: UInt64(index)) {
            return refusal.code
        }
        return nil
    }

    /// Whether the copy of an object lacks its last byte; an empty one has none to lack.
    public func corruptsCopy(of key: [UInt8]) -> Bool { befalls(key, share: corruptCopyShare, kind: 1 << 32) }

    /// Whether the copy of an object is answered as made and not kept.
    public func losesCopy(of key: [UInt8]) -> Bool { befalls(key, share: lostCopyShare, kind: 2 << 32) }

    /// Whether a key is of a share that has been drawn from all keys, for each kind of fault by itself.
    private func befalls(_ key: [UInt8], share: Double, kind: UInt64) -> Bool {
        guard share > 0 else { return false }
        // FNV-1a, whose sum then begins a sequence: its own bits are too regular to draw from.
        let sum = key.reduce(0xCBF2_9CE4_8422_2325) { sum, byte in (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var generator = SeededGenerator(seed: sum ^ seed &* 0x9E37_79B9_7F4A_7C15 ^ kind)
        return Double.random(in: 0..<1, using: &generator) < share
    }
}
