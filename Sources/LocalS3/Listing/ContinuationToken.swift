import Foundation

/// Where a listing goes on.
///
/// Clients must take it as it is: it is base 64 with all of its characters, and checked.
enum ContinuationToken {
    static func encode(after key: [UInt8]) -> String {
        var check = CyclicRedundancyCheck(.crc32)
        key.withUnsafeBytes { check.update($0) }
        return "1" + Data(check.finalize() + key).base64EncodedString()
    }

    /// - Throws: `InvalidArgument` when the token is not one of this server's.
    static func decode(_ token: String) throws(S3Error) -> [UInt8] {
        if token.utf8.first == UInt8(ascii: "1"), let data = Data(base64Encoded: String(token.dropFirst())),
            data.count > 4
        {
            let key = Array(data.dropFirst(4))
            if encode(after: key) == token { return key }
        }
        throw .invalidArgument("continuation-token", token, "The continuation token provided is incorrect")
    }
}
