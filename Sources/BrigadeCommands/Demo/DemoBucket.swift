/// The keys of the demo's bucket: many plain ones, and some of each kind that copying tools have lost or mangled.
struct DemoBucket {
    /// Objects in all.
    static let objectCount = 20_000

    /// Keys as bytes, each once.
    let keys: [[UInt8]]

    init() {
        var keys = Self.awkwardKeys
        for number in 0..<(Self.objectCount - keys.count) {
            let folder = number % 37
            keys.append(Array("photos/\(folder)/IMG_\(number).jpg".utf8))
        }
        self.keys = keys
    }

    /// How many of the keys are awkward.
    static var awkwardCount: Int { awkwardKeys.count }

    private static let awkwardKeys: [[UInt8]] = {
        let texts = [
            "a space", "a+plus", "a%2Fencoded", "a%41", "&<>\"'", "double//slash", "/leading slash", "dots/./../up",
            "folder/", "tab\there", "line\nbreak", "caf\u{E9}", "cafe\u{301}", "\u{1F600}", "\u{FF5E}", "\u{10000}",
            "q?u=e&r#y", "semi;colon:at@star*", "back\\slash", "tilde~", "\u{1}control", "$dollar,comma",
        ]
        return texts.map { Array($0.utf8) } + [Array(repeating: UInt8(ascii: "k"), count: 1024)]
    }()
}
