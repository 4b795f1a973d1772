import Testing

@testable import S3Client

@Suite("Shared configuration files")
struct SharedConfigFileTests {
    private func parse(_ text: String) throws -> SharedConfigFile {
        try SharedConfigFile(parsing: text, path: "/home/u/.aws/config")
    }

    private func settings(_ text: String) throws -> [String: SharedConfigFile.Value] {
        try #require(try parse(text).sections.first).settings
    }

    @Test("sections keep their order, names and lines")
    func sections() throws {
        let file = try parse("# top\n\n[default]\nregion = a\n[profile x] ; note\n  [ services  s ]\n")
        #expect(file.sections.map(\.name) == ["default", "profile x", "services  s"])
        #expect(file.sections.map(\.line) == [3, 5, 6])
    }

    @Test(
        "the name of a section of a kind",
        arguments: [
            ("profile x", "x"), ("profile\tx", "x"), ("profile \"my dev\"", "my dev"), ("profile 'x'", "x"),
            ("profile  x", "x"), ("profile", nil), ("profilex", nil), ("profile a b", nil), ("profile \"x", nil),
            ("profile \"", nil), ("Profile x", nil), ("services x", nil),
        ] as [(String, String?)]
    )
    func nameOfKind(section: String, expected: String?) {
        #expect(SharedConfigFile.Section(name: section, line: 1).name(ofKind: "profile") == expected)
    }

    @Test(
        "one setting as it may be written",
        arguments: [
            "region = eu-west-1", "region=eu-west-1", "  region\t=  eu-west-1  ", "REGION = eu-west-1",
            "region = eu-west-1 # comment", "region = eu-west-1\t; comment", "region: eu-west-1",
            "region = eu-west-1\r\n", "region = eu-west-1\routput = json", "region = eu-west-1\n\n# x\n; y\n",
        ]
    )
    func spelling(line: String) throws {
        #expect(try settings("[default]\n\(line)")["region"] == .text("eu-west-1"))
    }

    @Test(
        "text that only looks like a comment or a delimiter",
        arguments: [
            ("k = a#b", "a#b"), ("k = a;b", "a;b"), ("k = #", ""), ("k =#", "#"), ("k = a=b:c", "a=b:c"),
            ("k = [a]", "[a]"), ("k = a\u{2028}b", "a\u{2028}b"), ("k = é", "é"),
        ]
    )
    func notAComment(line: String, value: String) throws {
        #expect(try settings("[default]\n\(line)")["k"] == .text(value))
    }

    @Test("a byte order mark and carriage returns are no part of anything")
    func windowsFile() throws {
        let file = try parse("\u{FEFF}[default]\r\ns3 =\r\n  addressing_style = path\r\nregion = a\r\n")
        #expect(file.sections.map(\.name) == ["default"])
        #expect(file.sections[0].settings["s3"] == .nested(["addressing_style": "path"]))
        #expect(file.sections[0].settings["region"] == .text("a"))
    }

    @Test("nested settings end where the indentation does, not at a blank line or comment")
    func nested() throws {
        let settings = try settings(
            """
            [default]
              s3 = # options
                  Addressing_Style = path # here

                # between
                max_concurrent_requests=20
              region = a
            output = json
            """
        )
        #expect(settings["s3"] == .nested(["addressing_style": "path", "max_concurrent_requests": "20"]))
        #expect(settings["region"] == .text("a"))
        #expect(settings["output"] == .text("json"))
    }

    @Test("a value goes on over deeper indented lines")
    func continued() throws {
        #expect(try settings("[default]\nk = a\n  b = c\n  d")["k"] == .text("a\nb = c\nd"))
        #expect(try settings("[default]\nk =\n\nj = a")["k"] == .text(""))
    }

    @Test("an empty file has no sections", arguments: ["", "\n", "\u{FEFF}", "# nothing", "   \r\n\t"])
    func empty(text: String) throws {
        #expect(try parse(text).sections.isEmpty)
    }

    @Test(
        "what is malformed is named by path and line, and no value is quoted",
        arguments: [
            ("[default]\nhunter2", 2), ("hunter2 = hunter2", 1), ("[default\nk = hunter2", 1),
            ("[default]\n= hunter2", 2), ("[]\nk = hunter2", 1), ("[ ]", 1), ("[a] hunter2", 1),
            ("[a]\n\n[b]\n[a]", 4), ("[a]\nk = hunter2\nK = hunter2", 3), ("[a]\ns3 =\n  x = 1\n  hunter2\n", 4),
            ("[a]\ns3 =\n  = hunter2\n", 3), ("[a]\ns3 =\n  x = hunter2\n  x = 2\n[b]", 4), ("[a]\r\n\r\nhunter2", 3),
        ]
    )
    func malformed(text: String, line: Int) throws {
        let error = try #require(throws: S3ClientError.self) { try parse(text) }
        #expect(error.code == .configuration)
        #expect(error.message.hasPrefix("/home/u/.aws/config, line \(line): "))
        #expect(!error.message.contains("hunter2"))
    }
}
