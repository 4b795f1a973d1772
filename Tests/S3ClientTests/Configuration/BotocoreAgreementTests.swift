import Foundation
import Testing

@testable import S3Client

/// Compares what is resolved from generated files with what botocore resolves from the same.
@Suite("Agreement with botocore", .enabled(if: BotocoreWitness.isAvailable, "needs a Python with botocore"))
struct BotocoreAgreementTests {
    @Test("generated configuration files resolve as in botocore", arguments: [UInt64(1), 2, 3])
    func agrees(seed: UInt64) throws {
        var generator = ConfigurationGenerator(seed: seed)
        let cases = (0..<300).map { _ in generator.scenario() }
        let answers = try BotocoreWitness.resolve(cases)
        #expect(answers.count == cases.count)
        var resolved = 0
        for (index, (scenario, answer)) in zip(cases, answers).enumerated() {
            let ours = try? scenario.resolve()
            #expect(ours == answer.settings, "seed \(seed), case \(index):\n\(scenario)\n\(answer.error ?? "")")
            if ours?.accessKeyID != nil { resolved += 1 }
        }
        // A generator whose files are all refused would agree as well, and show nothing.
        #expect(resolved > cases.count / 4)
        #expect(resolved < cases.count)
    }

    @Test("the comparison notices a difference: botocore takes a comment behind a value for a part of it")
    func noticesDifference() throws {
        let scenario = ConfigurationScenario(
            config: "[default]\nregion = eu-west-1 # Ireland",
            credentials: "",
            environment: [:]
        )
        let answer = try #require(try BotocoreWitness.resolve([scenario]).first)
        #expect(answer.settings?.region == "eu-west-1 # Ireland")
        #expect(try scenario.resolve().region == "eu-west-1")
    }
}
