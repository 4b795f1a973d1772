internal import S3Protocol

extension UTCTime {
    /// `2026-11-24 03:32:12`, in UTC.
    var text: String { text(separator: " ") }

    /// `2026-11-24T03:32:12Z` (RFC 3339).
    var stamp: String { text(separator: "T") + "Z" }

    private func text(separator: String) -> String {
        func digits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let moment = calendar
        return "\(moment.year)-\(digits(moment.month))-\(digits(moment.day))\(separator)"
            + "\(digits(moment.hour)):\(digits(moment.minute)):\(digits(moment.second))"
    }
}
