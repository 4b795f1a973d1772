/// Makes configuration scenarios from a seed: mostly sound ones, with a fault here and there.
///
/// Where this module is meant to differ from botocore, it makes nothing: comments behind values, `AWS_REGION` (which
/// botocore does not read), both names of the profile variable, half a key pair other than an identifier without its
/// secret, both spellings of the default profile, empty values, credentials that need a request.
struct ConfigurationGenerator {
    private var state: UInt64

    /// Creates a generator that repeats itself for the same seed.
    init(seed: UInt64) {
        state = seed
    }

    /// The next scenario.
    mutating func scenario() -> ConfigurationScenario {
        var environment: [String: String] = [:]
        if chance(1, in: 5) {
            environment["AWS_ACCESS_KEY_ID"] = "ENV"
            if !chance(1, in: 8) { environment["AWS_SECRET_ACCESS_KEY"] = "envsecret" }
            if chance(1, in: 3) { environment["AWS_SESSION_TOKEN"] = "envtoken" }
        }
        if chance(1, in: 3) { environment["AWS_PROFILE"] = pick(["default", "x", "y", "x y", "gone"]) }
        if chance(1, in: 5) { environment["AWS_DEFAULT_REGION"] = "env-region" }
        if chance(1, in: 6) { environment["AWS_ENDPOINT_URL"] = "https://env" }
        if chance(1, in: 6) { environment["AWS_ENDPOINT_URL_S3"] = "https://env-s3" }
        if chance(1, in: 6) { environment["AWS_CA_BUNDLE"] = "/env/ca" }
        if chance(1, in: 8) { environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = pick(["true", "TRUE", "false"]) }
        return ConfigurationScenario(
            config: file(sections: ["default", "profile x", "profile \"x y\"", "profile  y", "y", "services local"]),
            credentials: file(sections: ["default", "x", "y", "x y"]),
            environment: environment,
            profile: chance(1, in: 4) ? pick(["default", "x", "y", "x y", "gone"]) : nil
        )
    }

    private mutating func file(sections: [String]) -> String {
        let ending = pick(["\n", "\r\n"])
        var lines: [String] = []
        for name in sections where !chance(1, in: 3) {
            lines.append("[\(name)]")
            lines += name.hasPrefix("services") ? nested("s3", ["endpoint_url = https://service"]) : profile(name)
        }
        if chance(1, in: 30) { lines.append(pick(["[default]", "[x", "no delimiter", "= nothing", "region = twice"])) }
        return lines.map { $0 + ending }.joined()
    }

    private mutating func profile(_ name: String) -> [String] {
        var settings: [[String]] = []
        let tag = "\(name.filter { $0.isLetter })\(next(below: 100))"
        if chance(1, in: 2) {
            settings.append([setting("aws_access_key_id", "KEY\(tag)")])
            if !chance(1, in: 12) { settings.append([setting("aws_secret_access_key", "s/\(tag)+#;=")]) }
            if chance(1, in: 4) { settings.append([setting("aws_session_token", "t\(tag)==")]) }
        }
        if chance(1, in: 2) { settings.append([setting("region", "region-\(tag)")]) }
        if chance(1, in: 4) { settings.append([setting("endpoint_url", "http://\(tag):9000/")]) }
        if chance(1, in: 5) { settings.append([setting("services", pick(["local", "local", "gone"]))]) }
        if chance(1, in: 6) { settings.append([setting("ca_bundle", "/ca/\(tag).pem")]) }
        if chance(1, in: 10) { settings.append([setting("ignore_configured_endpoint_urls", "true")]) }
        if chance(1, in: 4) {
            let style = "addressing_style = \(pick(["path", "virtual"]))"
            settings.append(nested("s3", ["max_queue_size=10", style, "payload_signing_enabled = true"]))
        }
        let indentation = chance(1, in: 5) ? "  " : ""
        return settings.shuffled(using: &self).flatMap { group in
            group.map { indentation + $0 } + (chance(1, in: 6) ? [pick(["", "# note", "; note", "  # deep"])] : [])
        }
    }

    private mutating func setting(_ name: String, _ value: String) -> String {
        let spelled = chance(1, in: 8) ? name.uppercased() : name
        return spelled + pick([" = ", "=", "  =\t", " : "]) + value + pick(["", "", "  "])
    }

    private mutating func nested(_ name: String, _ lines: [String]) -> [String] {
        let indentation = pick(["    ", "\t", "      "])
        var result = [name + pick([" =", "="])]
        for line in lines {
            result.append(indentation + line)
            if chance(1, in: 8) { result.append(pick(["", indentation + "# note", "; note"])) }
        }
        return result
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices[next(below: choices.count)]
    }

    private mutating func chance(_ numerator: Int, in denominator: Int) -> Bool {
        next(below: denominator) < numerator
    }

    private mutating func next(below bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }
}

extension ConfigurationGenerator: RandomNumberGenerator {
    /// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
