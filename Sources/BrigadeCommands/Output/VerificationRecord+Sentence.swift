internal import Brigade

extension VerificationRecord {
    /// What was found, as a line for people.
    var sentence: String {
        let found =
            switch verdict {
            case .incomplete: "Not verified to the end: \(Quantity.count(counters.compared)) compared"
            case .different:
                "Verified, and not the same: \(Quantity.count(counters.missing)) missing, "
                    + "\(Quantity.count(counters.different)) different of \(Quantity.counted(counters.compared, "object"))"
            case .equal, .extra: "Verified: \(Quantity.counted(counters.compared, "object")), all there and the same"
            }
        let bySize =
            counters.sameSize > 0
            ? "; \(Quantity.count(counters.sameSize)) by size alone, since their ETags cannot be compared" : ""
        let extra = counters.extra > 0 ? "; \(Quantity.count(counters.extra)) at the destination beside them" : ""
        return "\(found)\(bySize)\(extra), in \(Quantity.duration(duration))."
    }
}
