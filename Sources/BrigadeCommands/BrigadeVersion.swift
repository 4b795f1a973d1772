/// The version of the tools, as `--version` and the user agent tell it.
enum BrigadeVersion {
    static let current = "0.1.0"
}
