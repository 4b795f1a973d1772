internal import Brigade
internal import S3Protocol

/// A line of JSON about one object in which two places differ.
struct DifferenceLine: Encodable {
    private let event: String
    private let key: String
    private let size: Int
    private var destinationSize: Int?

    init(_ difference: Difference) {
        switch difference {
        case .missing(let key, let size): (event, self.key, self.size) = ("missing", key.description, size)
        case .size(let key, let source, let destination):
            (event, self.key, size) = ("different", key.description, source)
            destinationSize = destination
        case .etag(let key, let size): (event, self.key, self.size) = ("different", key.description, size)
        case .extra(let key, let size): (event, self.key, self.size) = ("extra", key.description, size)
        }
    }
}
