/// Makes a start-after that S3 accepts: request parameters have to be valid UTF-8, while split points are made byte
/// by byte.
enum UTF8Repair {
    /// The bytes up to the first that cannot be part of valid UTF-8, with a sequence that was cut short there completed.
    ///
    /// Completed with the least bytes that are allowed, so that the result stays near; the caller checks on which side
    /// of its bounds it came out.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 3)
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            guard let length = sequenceLength(lead) else {
                // A continuation byte, C0, C1 or F5 and above: nothing that begins so is valid.
                return result
            }
            result.append(lead)
            index += 1
            for position in 1..<max(length, 1) {
                let allowed = continuation(after: lead, at: position)
                if index < bytes.count, allowed.contains(bytes[index]) {
                    result.append(bytes[index])
                    index += 1
                    continue
                }
                // Complete it: above the range with its greatest byte, else with its least.
                let isAbove = index < bytes.count && bytes[index] > allowed.upperBound
                for rest in position..<length {
                    let bounds = continuation(after: lead, at: rest)
                    result.append(isAbove ? bounds.upperBound : bounds.lowerBound)
                }
                return result
            }
        }
        return result
    }

    /// The number of bytes of the sequence that a byte begins; `nil` if none does (RFC 3629, section 4).
    private static func sequenceLength(_ lead: UInt8) -> Int? {
        switch lead {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    /// The bytes that may stand at a position after a lead byte (RFC 3629, section 4).
    private static func continuation(after lead: UInt8, at position: Int) -> ClosedRange<UInt8> {
        guard position == 1 else { return 0x80...0xBF }
        return switch lead {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }
}
