import Testing

@testable import LocalS3

@Suite struct AWSChunkedDecoderTests {
    private static let body = Array("5\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n".utf8)

    private func decode(_ body: [UInt8], step: Int, haveTrailer: Bool = true) throws -> ([UInt8], [String]) {
        var decoder = AWSChunkedDecoder(areSigned: false, haveTrailer: haveTrailer, signatures: nil)
        var data: [UInt8] = []
        for start in stride(from: 0, to: body.count, by: step) {
            try Array(body[start...].prefix(step)).withUnsafeBytes { piece in
                try decoder.receive(piece) { data.append(contentsOf: $0) }
            }
        }
        try decoder.finish()
        return (data, decoder.trailers.map { "\($0.name)=\($0.value)" })
    }

    @Test(arguments: 1...48) func takesAnyPieces(step: Int) throws {
        let (data, trailers) = try decode(Self.body, step: step)
        #expect(data == Array("hello!".utf8))
        #expect(trailers == ["x-amz-checksum-crc32=AAAA"])
    }

    @Test func knowsWhenItIsNotComplete() {
        for length in 0..<Self.body.count {
            #expect(throws: S3Error.self) { try decode(Array(Self.body.prefix(length)), step: 3) }
        }
    }

    @Test(arguments: [
        "x\r\n", "-1\r\n", "\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "0\r\nno colon\r\n\r\n",
        "0\r\n\r\nmore", "11111111111111111\r\n", String(repeating: "0", count: 5000),
    ])
    func refusesOtherText(text: String) {
        #expect(throws: S3Error.self) { try decode(Array(text.utf8), step: 1000) }
    }

    @Test func refusesATrailerThatWasNotAnnounced() {
        #expect(throws: S3Error.self) { try decode(Self.body, step: 1000, haveTrailer: false) }
    }
}
