import Foundation

/// The last line of `--format json`, as a program reads it.
struct Summary: Decodable {
    struct Counts: Decodable, Equatable {
        var listed: Int
        var copied: Int
        var skipped = 0
        var failed = 0
        var notTried = 0
    }

    var event: String
    var source: String
    var destination: String
    var dryRun: Bool
    var complete: Bool
    var interrupted: Bool
    var error: String?
    var objects: Counts
    var bytes: Counts
    var listingComplete: Bool
    var retried: Int
    var requests: [String: Int]
    var highestConcurrency: Int
    var seconds: Double

    init(_ outcome: BrigadeProcess.Outcome) throws {
        self = try JSONDecoder().decode(Summary.self, from: Data((outcome.outputLines.last ?? "").utf8))
    }
}
