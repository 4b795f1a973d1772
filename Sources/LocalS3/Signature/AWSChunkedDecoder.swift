import Crypto

/// Takes the chunks of an `aws-chunked` body apart, in whatever pieces they arrive, and checks their signatures.
///
/// ```
/// HEX-LENGTH[;chunk-signature=SIGNATURE]\r\n DATA \r\n … 0[;chunk-signature=SIGNATURE]\r\n [NAME:VALUE\r\n …] \r\n
/// ```
struct AWSChunkedDecoder {
    private enum State {
        case header
        case data(remaining: Int)
        case dataEnd
        case trailer
        case done
    }

    /// Far above what a line can need; a longer one is malformed.
    private static let longestLine = 4096
    private static let mostTrailers = 16

    private let areSigned: Bool
    private let haveTrailer: Bool
    /// `nil` when signatures need not be right.
    private var signatures: ChunkSignatures?
    private var state = State.header
    private var line: [UInt8] = []
    private var digest = SHA256()
    private var chunkSignature: [UInt8] = []
    private var trailerText: [UInt8] = []
    private var trailerSignature: [UInt8]?

    /// The headers that came after the data, by lower-case names.
    private(set) var trailers: [(name: String, value: String)] = []

    /// - Parameters:
    ///   - areSigned: whether each chunk carries a signature.
    ///   - haveTrailer: whether headers follow the data.
    ///   - signatures: what checks them; `nil` to check none.
    init(areSigned: Bool, haveTrailer: Bool, signatures: ChunkSignatures?) {
        self.areSigned = areSigned
        self.haveTrailer = haveTrailer
        self.signatures = areSigned ? signatures : nil
    }

    private static let malformed = S3Error.invalidRequest("The body is not in the form of aws-chunked")
    private static let wrongSignature = S3Error(
        "SignatureDoesNotMatch",
        403,
        "The signature of a chunk does not match what we calculated. Check your key and signing method."
    )

    /// Takes the next bytes of the body and gives its data on.
    ///
    /// - Throws: `InvalidRequest`, `SignatureDoesNotMatch`, or what `deliver` throws.
    mutating func receive(
        _ bytes: UnsafeRawBufferPointer,
        deliver: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch state {
            case .header:
                if let header = try takeLine(&rest) { try begin(chunk: header) }
            case .data(let remaining):
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(remaining))
                if signatures != nil { digest.update(bufferPointer: piece) }
                try deliver(piece)
                rest = rest.dropFirst(piece.count)
                state = piece.count == remaining ? .dataEnd : .data(remaining: remaining - piece.count)
            case .dataEnd:
                guard let end = try takeLine(&rest) else { break }
                guard end.isEmpty else { throw Self.malformed }
                try checkChunk()
                state = .header
            case .trailer:
                if let line = try takeLine(&rest) { try takeTrailer(line) }
            case .done:
                throw Self.malformed
            }
        }
    }

    /// Ends the body.
    ///
    /// - Throws: `IncompleteBody` when it was not complete.
    func finish() throws(S3Error) {
        guard case .done = state else { throw .incompleteBody }
    }

    /// The next line without its end, once all of it is there.
    private mutating func takeLine(_ rest: inout Slice<UnsafeRawBufferPointer>) throws -> [UInt8]? {
        let end = rest.firstIndex(of: UInt8(ascii: "\n"))
        line.append(contentsOf: rest[..<(end ?? rest.endIndex)])
        guard line.count <= Self.longestLine else { throw Self.malformed }
        guard let end else {
            rest = rest[rest.endIndex...]
            return nil
        }
        rest = rest[(end + 1)...]
        guard line.last == UInt8(ascii: "\r") else { throw Self.malformed }
        defer { line.removeAll(keepingCapacity: true) }
        return line.dropLast()
    }

    private mutating func begin(chunk header: [UInt8]) throws {
        let parts = header.split(separator: UInt8(ascii: ";"), maxSplits: 1)
        guard let lengthText = parts.first, (1...16).contains(lengthText.count),
            let length = Int(String(decoding: lengthText, as: UTF8.self), radix: 16), length >= 0
        else { throw Self.malformed }
        if areSigned {
            let prefix = "chunk-signature="
            let field = parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : ""
            guard field.hasPrefix(prefix), let signature = ByteText.bytes(hex: field.dropFirst(prefix.utf8.count))
            else {
                throw Self.malformed
            }
            chunkSignature = signature
        }
        digest = SHA256()
        if length > 0 {
            state = .data(remaining: length)
        } else {
            try checkChunk()
            state = .trailer
        }
    }

    private mutating func checkChunk() throws {
        guard signatures != nil else { return }
        let digest = digest.finalize()
        guard signatures?.accepts(chunk: digest, signature: chunkSignature) == true else { throw Self.wrongSignature }
    }

    private mutating func takeTrailer(_ line: [UInt8]) throws {
        guard !line.isEmpty else {
            if haveTrailer, signatures != nil {
                guard let trailerSignature,
                    signatures?.accepts(trailer: trailerText, signature: trailerSignature) == true
                else { throw Self.wrongSignature }
            }
            state = .done
            return
        }
        guard haveTrailer, trailers.count < Self.mostTrailers, let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let name = String(validating: line[..<colon], as: UTF8.self),
            let value = String(validating: line[(colon + 1)...], as: UTF8.self)
        else { throw Self.malformed }
        if name == "x-amz-trailer-signature" {
            trailerSignature = ByteText.bytes(hex: value)
        } else {
            trailers.append((name.lowercased(), String(value.trimmingSpaces())))
            trailerText.append(contentsOf: line)
            trailerText.append(UInt8(ascii: "\n"))
        }
    }
}
