@testable import S3Protocol

/// A request as ``RequestEncoder`` wrote it, taken apart again.
struct WrittenRequest {
    var line: String
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    /// Writes a request and takes it apart.
    init(
        _ request: S3Request,
        to target: RequestTarget,
        credentials: Credentials?,
        at time: UTCTime,
        with encoder: inout RequestEncoder
    ) {
        var bytes: [UInt8] = []
        encoder.encode(request, to: target, credentials: credentials, at: time, into: &bytes)
        let end = bytes.indices.first { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) } ?? bytes.endIndex
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(
            separator: "\r\n",
            omittingEmptySubsequences: false
        )
        line = String(lines.first ?? "")
        fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
        }
        body = Array(bytes[end...].dropFirst(4))
    }

    /// The value of the only field with a name.
    func field(_ name: String) -> String? {
        let values = fields.filter { $0.name == name }
        return values.count == 1 ? values[0].value : nil
    }

    /// The signature, 64 hexadecimal digits.
    var signature: String? {
        field("authorization").flatMap { $0.split(separator: "Signature=").last.map(String.init) }
    }
}
