internal import Brigade

extension ListNotice {
    /// What is told of it on standard error.
    var sentence: String {
        switch self {
        case .notInByteOrder:
            "the server does not list in byte order, so the source is listed serially, one page after the other"
        case .startAfterIgnored:
            "the server does not list from a given key on, so the source is listed serially, one page after the other"
        case .keysRepeated: "the server lists keys twice; each is taken once"
        case .splitPointsUseless:
            "none of the keys given as hints is of use: they lack the source's prefix, or lie below all that is left to "
                + "list"
        }
    }

    /// Tells of it, unless nothing but failures is to be told.
    func show(isQuiet: Bool) {
        if !isQuiet { StandardError.write("brigade: \(sentence)\n") }
    }
}
