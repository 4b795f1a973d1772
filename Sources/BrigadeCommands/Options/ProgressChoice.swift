internal import ArgumentParser

/// When progress is shown on standard error.
enum ProgressChoice: String, ExpressibleByArgument, CaseIterable {
    case auto
    case always
    case never
}
