import Foundation
import TestSupport

/// Runs `botocore_witness.py`, botocore's own reading of a configuration.
enum BotocoreWitness {
    /// What botocore made of a scenario: settings or the name of an error.
    struct Answer: Decodable {
        var settings: ConfigurationScenario.Settings?
        var error: String?
    }

    /// Whether the test can run.
    static var isAvailable: Bool { PythonWitness.has("botocore") }

    /// What botocore makes of each scenario, in their order.
    static func resolve(_ scenarios: [ConfigurationScenario]) throws -> [Answer] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "botocore_witness.py")
        let output = try PythonWitness.run(script: script, input: JSONEncoder().encode(scenarios))
        return try JSONDecoder().decode([Answer].self, from: output)
    }
}
