/// A moment in UTC, to the millisecond, in the three forms that S3 writes it.
struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    var milliseconds: Int64

    init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// Whole seconds since 1970, rounded down.
    var seconds: Int64 { Self.floorDivide(milliseconds, 1000) }

    /// Creates the moment of a date and time of day, or `nil` when there is none such.
    init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        let time = Int64(hour * 3600 + minute * 60 + second)
        self.init(milliseconds: (days * 86400 + time) * 1000)
    }

    /// Reads ISO 8601's basic form, `20130524T000000Z`, which `x-amz-date` carries.
    init?(basic text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[4..<6]),
            let day = Self.number(bytes[6..<8]), let hour = Self.number(bytes[9..<11]),
            let minute = Self.number(bytes[11..<13]), let second = Self.number(bytes[13..<15])
        else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    /// Reads the form that HTTP prefers, `Fri, 24 May 2013 00:00:00 GMT` (RFC 9110, 5.6.7).
    init?(http text: some StringProtocol) {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT",
            let day = Self.number(words[1].utf8),
            let month = Self.monthNames.firstIndex(of: String(words[2])),
            let year = Self.number(words[3].utf8)
        else { return nil }
        let time = words[4].split(separator: ":")
        guard time.count == 3, let hour = Self.number(time[0].utf8), let minute = Self.number(time[1].utf8),
            let second = Self.number(time[2].utf8)
        else { return nil }
        self.init(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    }

    /// `2013-05-24T00:00:00.000Z`, as S3's documents have it.
    var iso8601: String {
        let parts = Parts(self)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        Self.append(parts.year, digits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(parts.month, digits: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(parts.day, digits: 2, to: &text)
        text.append(UInt8(ascii: "T"))
        Self.appendTime(parts, to: &text)
        text.append(UInt8(ascii: "."))
        Self.append(parts.millisecond, digits: 3, to: &text)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// `Fri, 24 May 2013 00:00:00 GMT`, as HTTP's headers have it.
    var http: String {
        let parts = Parts(self)
        var text: [UInt8] = []
        text.reserveCapacity(29)
        text.append(contentsOf: Self.dayNames[parts.weekday].utf8)
        text.append(contentsOf: ", ".utf8)
        Self.append(parts.day, digits: 2, to: &text)
        text.append(UInt8(ascii: " "))
        text.append(contentsOf: Self.monthNames[parts.month - 1].utf8)
        text.append(UInt8(ascii: " "))
        Self.append(parts.year, digits: 4, to: &text)
        text.append(UInt8(ascii: " "))
        Self.appendTime(parts, to: &text)
        text.append(contentsOf: " GMT".utf8)
        return String(decoding: text, as: UTF8.self)
    }

    /// `20130524T000000Z`, as signatures have it.
    var basic: String {
        let parts = Parts(self)
        var text: [UInt8] = []
        text.reserveCapacity(16)
        Self.append(parts.year, digits: 4, to: &text)
        for part in [parts.month, parts.day] { Self.append(part, digits: 2, to: &text) }
        text.append(UInt8(ascii: "T"))
        for part in [parts.hour, parts.minute, parts.second] { Self.append(part, digits: 2, to: &text) }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    private static let dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A moment taken apart in the proleptic Gregorian calendar.
    private struct Parts {
        var year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, millisecond: Int
        /// 0 is Sunday.
        var weekday: Int

        init(_ moment: Timestamp) {
            let days = Timestamp.floorDivide(moment.milliseconds, 86_400_000)
            let rest = Int(moment.milliseconds - days * 86_400_000)
            (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60)
            (second, millisecond) = (rest / 1000 % 60, rest % 1000)
            weekday = Int(((days + 4) % 7 + 7) % 7)
            // Howard Hinnant's civil_from_days: years begin in March, so that the leap day comes last.
            let shifted = days + 719_468
            let era = Timestamp.floorDivide(shifted, 146_097)
            let dayOfEra = shifted - era * 146_097
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let marchMonth = (5 * dayOfYear + 2) / 153
            day = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
            month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
            year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
        }
    }

    /// Days since 1970-01-01 (Howard Hinnant's days_from_civil).
    private static func days(year: Int, month: Int, day: Int) -> Int64 {
        let year = Int64(month <= 2 ? year - 1 : year)
        let era = floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    private static func number(_ digits: some Collection<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 4 else { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    private static func append(_ value: Int, digits: Int, to text: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    private static func appendTime(_ parts: Parts, to text: inout [UInt8]) {
        append(parts.hour, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        append(parts.minute, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        append(parts.second, digits: 2, to: &text)
    }
}
