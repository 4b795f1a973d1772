internal import ArgumentParser
internal import Brigade

/// How many copies are under way: `auto`, or a number.
struct ConcurrencyArgument: ExpressibleByArgument, CustomStringConvertible {
    /// What `auto` may come to.
    static let mostByItself = 256

    /// The most copies under way at once.
    let most: Int
    /// Whether fewer are under way where more bring nothing.
    let adapts: Bool

    /// Finds out by itself.
    static let auto = Self(most: mostByItself, adapts: true)

    private init(most: Int, adapts: Bool) {
        self.most = most
        self.adapts = adapts
    }

    init?(argument: String) {
        if argument == "auto" {
            self = .auto
        } else if let number = Int(argument) {
            self.init(most: number, adapts: false)
        } else {
            return nil
        }
    }

    var description: String { adapts ? "auto" : "\(most)" }
}
