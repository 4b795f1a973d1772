import Foundation
import TestSupport

/// Runs `Tests/Witnesses/signer_witness.py`, botocore's signer.
enum SignatureWitness {
    /// A request to sign, as the witness reads it.
    struct Question: Encodable {
        var method: String
        var path: String
        var query: [[String]]
        var headers: [[String]]
        var payloadHash: String
        var accessKey: String
        var secretKey: String
        /// Empty where there is none.
        var sessionToken: String
        var region: String
        var date: String
    }

    /// What botocore makes of it.
    struct Answer: Decodable {
        var canonicalRequest: String?
        var authorization: String?
        var error: String?
    }

    /// Whether the test can run.
    static var isAvailable: Bool { PythonWitness.has("botocore") }

    /// The answers to questions, in their order.
    static func ask(_ questions: [Question]) throws -> [Answer] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let script = tests.appending(path: "Witnesses/signer_witness.py")
        let lines = try questions.map { try JSONEncoder().encode($0) + Data("\n".utf8) }
        let output = try PythonWitness.run(script: script, input: lines.reduce(Data(), +))
        return try output.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Answer.self, from: $0) }
    }
}
