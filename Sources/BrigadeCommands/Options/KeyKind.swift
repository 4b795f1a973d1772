internal import Foundation

/// What the keys of a bucket look like that `brigade serve` fills.
///
/// A number gives each key, so that keys are made one by one, each once, and the same every time.
enum KeyKind: String, CaseIterable {
    /// `object-000000042`.
    case numbers
    /// 16 hexadecimal digits, as hashes are.
    case hex
    /// A folder for each hour from 2016 on, with an object about every five minutes.
    case dates
    /// A thousand folders of very different sizes, half of all keys in 31 of them, with unpadded numbers inside.
    case folders
    /// All but three of a hundred in one folder, seven levels down.
    case deep

    /// The key of a number from 0.
    func key(_ number: Int) -> [UInt8] {
        let name =
            switch self {
            case .numbers: "object-" + Self.padded(number, 9)
            case .hex: Self.hash(number)
            case .dates: Self.date(number)
            case .folders: Self.inFolder(number)
            case .deep:
                number % 100 < 3
                    ? "project-\(number % 100 * 10 + number / 100 % 10)/\(Self.hash(number)).bin"
                    : "project-17/archive/2019/exports/daily/raw/\(Self.hash(number)).bin"
            }
        return Array(name.utf8)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// A number scattered over 64 bits, each to another one (the last steps of SplitMix64).
    private static func scattered(_ number: Int) -> UInt64 {
        var mixed = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static func hash(_ number: Int) -> String {
        let digits = String(scattered(number), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Months of 28 days, which spares the calendar.
    private static func date(_ number: Int) -> String {
        let minute = number * 5 + Int(scattered(number) % 5)
        let (hour, day) = (minute / 60, minute / 1440)
        let month = day / 28
        return "logs/\(2016 + month / 12)/\(padded(month % 12 + 1, 2))/\(padded(day % 28 + 1, 2))/"
            + "\(padded(hour % 24, 2))/\(padded(minute % 60, 2))-\(padded(number, 8)).json.gz"
    }

    /// The folder of a rank has a share of all keys that is about one over the rank (Zipf's law).
    private static func inFolder(_ number: Int) -> String {
        // Drawn evenly from 0 to 1; the sum of one over the ranks grows as their logarithm.
        let share = Double(scattered(number) >> 11) / 0x1p53
        let rank = Int(pow(1000, share))
        return "customer-\(scattered(rank) % 100_000)-\(rank)/invoices/\(number)"
    }
}
