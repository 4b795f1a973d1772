import Foundation
import S3Protocol

// Prints how many keys a second one core reads from pages of several kinds, beside Foundation's `XMLParser`.

/// The least keys a second that `--check` asks for.
let target = 1_000_000.0
/// The bytes of a page come in pieces of this size, as from a socket.
let pieceSize = 16 * 1024

func readPage(_ document: [UInt8]) throws -> ListPage {
    var reader = ListPageReader()
    var start = 0
    while start < document.count {
        let end = min(start + pieceSize, document.count)
        try reader.read(document.span.extracting(start..<end))
        start = end
    }
    return try reader.finish()
}

func column(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func thousands(_ value: Double) -> String { "\(Int(value / 1_000 + 0.5))k" }

var arguments = CommandLine.arguments.dropFirst()
var isCheck = false
var kinds = PageKind.all
while let argument = arguments.popFirst() {
    switch argument {
    case "--check": isCheck = true
    case "--only":
        let name = arguments.popFirst() ?? ""
        kinds = kinds.filter { $0.name.contains(name) }
        guard !kinds.isEmpty else {
            print("no kind of page has '\(name)' in its name")
            exit(64)
        }
    default:
        print("usage: PageReader [--only NAME] [--check]")
        exit(64)
    }
}

print("pages of \(PageKind.count) keys in pieces of \(pieceSize / 1024) KiB, CPU time of one thread")
print("page                     KiB/page   keys/s  ns/key  MB/s  allocations/page | XMLParser: keys/s  allocations")
var isMissed = false
for kind in kinds {
    let document = kind.document
    let data = Data(document)
    let page = try readPage(document)
    let foundation = FoundationPage.read(data) ?? []
    guard page.count == PageKind.count, page.last?.key.description == foundation.last?.key,
        page.last?.size == foundation.last?.size
    else {
        print("\(kind.name): the readers differ")
        exit(2)
    }
    let ours = try Measurement(rounds: 7, seconds: 0.2) { _ = try readPage(document) }
    let theirs = Measurement(rounds: 3, seconds: 0.2) { _ = FoundationPage.read(data) }
    if ours.keysPerSecond < target { isMissed = true }
    print(
        kind.name + column("\(document.count / 1024)", 33 - kind.name.count) + column(thousands(ours.keysPerSecond), 9)
            + column("\(Int(ours.nanoseconds / Double(PageKind.count) + 0.5))", 8)
            + column("\(Int(Double(document.count) / ours.nanoseconds * 1e3 + 0.5))", 6)
            + column("\(ours.allocations)", 18) + " |" + column(thousands(theirs.keysPerSecond), 18)
            + column("\(theirs.allocations)", 13)
    )
}
if isMissed {
    print("missed: 1,000,000 keys/s")
    if isCheck { exit(1) }
}
