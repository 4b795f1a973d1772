internal import ArgumentParser

/// Whether a copy is compared with its source, and what that needs.
struct VerificationOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "List both places when everything was copied, and compare keys, sizes and ETags.",
            discussion: "What is missing, different or extra at the destination is named; what is extra is no failure."
        )
    )
    var verify = false

    @Option(
        name: .customLong("temporary-directory"),
        help: ArgumentHelp("Where --verify keeps what exceeds memory; else TMPDIR, or /var/tmp.", valueName: "folder")
    )
    var temporaryDirectory: String?
}
