import TestSupport
import Testing

@testable import S3Protocol

/// The same page in every form that XML allows, and in every way to cut it.
///
/// Whole elements are read in one go and others byte by byte: both ways have to come to the same.
@Suite("Forms and pieces of a listing's page")
struct ListPageFormsTests {
    /// All that a page tells.
    private struct Facts: Equatable {
        var objects: [String] = []
        var prefixes: [[UInt8]] = []
        var isTruncated = false
        var token: [UInt8]?
    }

    private static func object(_ key: [UInt8], _ size: Int, _ etag: [UInt8], _ time: Int?, _ storageClass: String?)
        -> String
    {
        "\(key) \(size) \(etag) \(time.map(String.init) ?? "-") \(storageClass ?? "-")"
    }

    private func facts(_ pieces: [[UInt8]]) -> Result<Facts, MalformedXML> {
        var reader = ListPageReader()
        do throws(MalformedXML) {
            for piece in pieces { try reader.read(piece.span) }
            let page = try reader.finish()
            return .success(
                Facts(
                    objects: page.map {
                        Self.object(
                            Array($0.key.bytes),
                            $0.size,
                            Array($0.etag),
                            $0.lastModified?.secondsSinceEpoch,
                            $0.storageClass?.description
                        )
                    },
                    prefixes: page.commonPrefixes.map { Array($0.bytes) },
                    isTruncated: page.isTruncated,
                    token: page.nextContinuationToken
                )
            )
        } catch {
            return .failure(error)
        }
    }

    private func facts(_ text: String) -> Result<Facts, MalformedXML> { facts([Array(text.utf8)]) }

    /// A page that is cut at any place, and one that comes byte by byte, tells what the whole one does.
    @Test("a real server's page may be cut at every byte", arguments: ListPageSamples.all)
    func everyCut(text: String) throws {
        let bytes = Array(text.utf8)
        let whole = facts([bytes])
        _ = try whole.get()
        for cut in 0...bytes.count {
            #expect(facts([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "cut at \(cut)")
        }
        for size in 1...20 {
            let pieces = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            #expect(facts(pieces) == whole, "pieces of \(size)")
        }
    }

    @Test("random pages in random forms and pieces are read as they were meant", arguments: UInt64(1)...8)
    func randomForms(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<40 {
            var page = RandomPage(&random)
            let bytes = page.document(&random)
            let expected = Facts(
                objects: page.objects.map { Self.object($0.key, $0.size, $0.etag, $0.time, $0.storageClass) },
                prefixes: page.prefixes,
                isTruncated: page.token != nil,
                token: page.token
            )
            let comment: Comment = "seed \(seed), round \(round)"
            #expect(facts([bytes]) == .success(expected), comment)
            #expect(facts(bytes.map { [$0] }) == .success(expected), comment)
            #expect(facts(random.pieces(of: bytes, upTo: 60)) == .success(expected), comment)
            #expect(facts(random.pieces(of: bytes, upTo: 1_000)) == .success(expected), comment)
        }
    }

    @Test("damaged pages are read or refused alike, however they are cut", arguments: UInt64(1)...4)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var complete = 0
        for round in 0..<800 {
            var bytes = Array(random.pick(ListPageSamples.all).utf8)
            for _ in 0..<random.number(0...3) {
                let place = random.number(0...(bytes.count - 1))
                switch random.number(0...3) {
                case 0: bytes[place] = random.pick(Array("<>/&;![]-?'\"=%+ a0:\u{0}\u{FF}".utf8))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(random.pick(Array("<>/&;![]-?%: ".utf8)), at: place)
                default:
                    bytes.insert(
                        contentsOf: Array(random.pick(["<x/>", "<!---->", "<Key>", "</Key>"]).utf8),
                        at: place
                    )
                }
            }
            let whole = facts([bytes])
            let comment: Comment = "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))"
            #expect(facts(random.pieces(of: bytes, upTo: 9)) == whole, comment)
            #expect(facts(bytes.map { [$0] }) == whole, comment)
            if case .success = whole { complete += 1 }
        }
        #expect(complete > 100 && complete < 700, "both outcomes have to come up, not \(complete) successes")
    }

    // MARK: What the answer says of itself

    private func document(_ content: String) -> String {
        "<ListBucketResult><IsTruncated>false</IsTruncated>\(content)</ListBucketResult>"
    }

    private func contents(_ key: String, _ more: String = "") -> String {
        "<Contents><Key>\(key)</Key><Size>1</Size>\(more)</Contents>"
    }

    @Test("keys before and behind the encoding's name are decoded, each once")
    func encodingInTheMiddle() throws {
        let url = "<EncodingType>url</EncodingType>"
        let prefixes = ["%252B", "a"].map { "<CommonPrefixes><Prefix>\($0)+</Prefix></CommonPrefixes>" }
        let text = document(prefixes[0] + contents("%2525a+") + url + prefixes[1] + contents("%2525b+") + url)
        let page = try facts(text).get()
        let keys = ["%25a ", "%25b "].map { Self.object(Array($0.utf8), 1, [], nil, nil) }
        #expect(page.objects == keys)
        #expect(page.prefixes == ["%2B ", "a "].map { Array($0.utf8) })
        for bad in [
            contents("%2") + url, url + contents("%2"), url + "<CommonPrefixes><Prefix>%</Prefix></CommonPrefixes>",
        ] {
            #expect(
                facts(document(bad)) == .failure(MalformedXML(reason: "a key is not URL-encoded as the answer says"))
            )
        }
        #expect(
            facts(document(url + "<EncodingType></EncodingType>"))
                == .failure(MalformedXML(reason: "it tells two encodings of its keys"))
        )
    }

    @Test(
        "a count of keys is a hint, and does no harm where it is wrong",
        arguments: ["0", "2", "99999999999", "-1", "x", ""]
    )
    func keyCount(count: String) throws {
        let text = document("<KeyCount>\(count)</KeyCount>" + contents("a") + contents("b") + contents("c"))
        #expect(try facts(text).get().objects.count == 3)
    }

    @Test("a page names up to 256 storage classes")
    func storageClasses() throws {
        func text(_ count: Int) -> String {
            document((0..<count).map { contents("k\($0)", "<StorageClass>C\($0)</StorageClass>") }.joined())
        }
        let expected = (0..<256).map { Self.object(Array("k\($0)".utf8), 1, [], nil, "C\($0)") }
        #expect(try facts(text(256)).get().objects == expected)
        #expect(facts(text(257)) == .failure(MalformedXML(reason: "it names more than 256 storage classes")))
    }
}
