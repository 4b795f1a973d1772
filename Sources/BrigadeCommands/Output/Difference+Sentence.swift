internal import Brigade

extension Difference {
    /// What is told of it on a line of standard error.
    var sentence: String {
        switch self {
        case .missing(let key, _): "missing: \(KeyText.display(key))"
        case .size(let key, let source, let destination):
            "different: \(KeyText.display(key)): \(source) bytes at the source, \(destination) at the destination"
        case .etag(let key, _): "different: \(KeyText.display(key)): the ETags differ"
        case .extra(let key, _): "extra: \(KeyText.display(key))"
        }
    }
}
