/// A moment to the second, as seconds since 1970-01-01T00:00:00Z, with the three forms that S3 writes it in.
///
/// The calendar is the proleptic Gregorian one without leap seconds, as POSIX counts; years 0 to 9999.
public struct UTCTime: Sendable, Hashable, Comparable {
    /// Seconds since the epoch.
    public var secondsSinceEpoch: Int

    /// Creates a moment from seconds since the epoch.
    public init(secondsSinceEpoch: Int) {
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    /// Whether the left moment is the earlier one.
    public static func < (left: UTCTime, right: UTCTime) -> Bool { left.secondsSinceEpoch < right.secondsSinceEpoch }

    /// The moment that is a time later, or earlier if it is negative; parts of a second are dropped.
    public func advanced(by time: Duration) -> UTCTime {
        UTCTime(secondsSinceEpoch: secondsSinceEpoch + Int(time.components.seconds))
    }

    /// Creates a moment from its calendar parts.
    ///
    /// - Returns: `nil` if a part is out of its range or the month has no such day; a second of 60 is taken as 59.
    init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard 0...9999 ~= year, 1...12 ~= month, 1...Self.days(inMonth: month, of: year) ~= day, 0...23 ~= hour,
            0...59 ~= minute, 0...60 ~= second
        else { return nil }
        // Days from civil, with years that begin in March, so that the leap day is the last of its year.
        let marchYear = month > 2 ? year : year - 1
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        secondsSinceEpoch = days * 86_400 + hour * 3_600 + minute * 60 + min(second, 59)
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        // Long and short months take turns, and begin anew with August.
        return 30 + (month + month / 8) % 2
    }

    /// Whole days since the epoch, rounded down.
    var daysSinceEpoch: Int {
        (secondsSinceEpoch >= 0 ? secondsSinceEpoch : secondsSinceEpoch - 86_399) / 86_400
    }

    /// The calendar day, counted from 1, and the time of day.
    public var calendar: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        let days = daysSinceEpoch
        let time = secondsSinceEpoch - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1, hour: time / 3_600, minute: time / 60 % 60,
            second: time % 60
        )
    }

    /// The form of `x-amz-date`: `20130524T000000Z`, 16 bytes, of which the first 8 are the date of the scope.
    var basicFormat: [UInt8] {
        let parts = calendar
        var text = [UInt8]()
        text.reserveCapacity(16)
        text.appendDecimal(parts.year, width: 4)
        text.appendDecimal(parts.month, width: 2)
        text.appendDecimal(parts.day, width: 2)
        text.append(UInt8(ascii: "T"))
        text.appendDecimal(parts.hour, width: 2)
        text.appendDecimal(parts.minute, width: 2)
        text.appendDecimal(parts.second, width: 2)
        text.append(UInt8(ascii: "Z"))
        return text
    }

    /// Reads the form of listings, `2009-10-12T17:50:30.000Z` (RFC 3339 in UTC); a fraction is dropped.
    ///
    /// - Returns: `nil` if the text has another form.
    public init?(rfc3339 text: Span<UInt8>) {
        func has(_ mark: Unicode.Scalar, at offset: Int) -> Bool { text[offset] == UInt8(ascii: mark) }
        var areDigits = true
        func digit(_ offset: Int) -> Int {
            let digit = text[offset] &- UInt8(ascii: "0")
            areDigits = areDigits && digit < 10
            return Int(digit)
        }
        func pair(_ offset: Int) -> Int { digit(offset) * 10 + digit(offset + 1) }

        guard text.count >= 20, has("Z", at: text.count - 1), has("-", at: 4), has("-", at: 7), has("T", at: 10),
            has(":", at: 13), has(":", at: 16), text.count == 20 || (has(".", at: 19) && text.count > 21)
        else { return nil }
        for offset in 20..<max(20, text.count - 1) { _ = digit(offset) }
        let year = pair(0) * 100 + pair(2)
        let (month, day, hour, minute, second) = (pair(5), pair(8), pair(11), pair(14), pair(17))
        guard areDigits else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    /// Reads the form of HTTP's `Date`, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
    ///
    /// - Returns: `nil` if the text has another form, the two obsolete ones among them.
    public init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", let day = parseDecimal(parts[1].utf8.span),
            let month = months.firstIndex(of: String(parts[2])), let year = parseDecimal(parts[3].utf8.span)
        else { return nil }
        let time = parts[4].split(separator: ":")
        guard time.count == 3, let hour = parseDecimal(time[0].utf8.span), let minute = parseDecimal(time[1].utf8.span),
            let second = parseDecimal(time[2].utf8.span)
        else { return nil }
        self.init(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    }
}
