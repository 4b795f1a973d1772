/// Where an S3 service is reached: scheme, host, port and the path in front of its buckets.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// How connections to the endpoint are made.
    public enum Scheme: String, Sendable {
        case http
        case https

        /// The port where none is written: 80 or 443.
        public var defaultPort: Int { self == .http ? 80 : 443 }
    }

    /// How connections are made.
    public let scheme: Scheme
    /// A name, an IPv4 address, or an IPv6 address without brackets; in lower case.
    public let host: String
    /// The TCP port, 1 to 65535.
    public let port: Int
    /// What stands in front of every path, without a slash at its end; empty on most services.
    public let basePath: String
    /// The host as it stands in a URL and in the `Host` field, with the port unless it is the scheme's own.
    ///
    /// It is kept because every request has it.
    public let authority: String

    /// The endpoint of Amazon S3 in a region (AWS General Reference, "Amazon S3 endpoints and quotas").
    public static func amazon(region: String) -> Endpoint {
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        return Endpoint(scheme: .https, host: "s3.\(region).\(domain)", port: 443, basePath: "")
    }

    private init(scheme: Scheme, host: String, port: Int, basePath: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.basePath = basePath
        let written = host.contains(":") ? "[\(host)]" : host
        authority = port == scheme.defaultPort ? written : "\(written):\(port)"
    }

    /// Reads a URL such as `https://s3.example.com`, `http://127.0.0.1:9000` or `http://[::1]:9000/s3`.
    ///
    /// - Throws: ``InvalidEndpoint`` with what is wrong: no scheme or another one than `http` and `https`, no host, a
    ///   port out of range, a user, a query or a fragment, a character that URLs cannot hold.
    public init(url: String) throws(InvalidEndpoint) {
        func invalid(_ reason: String) -> InvalidEndpoint { InvalidEndpoint(url: url, reason: reason) }
        guard let separator = url.utf8.firstRange(of: "://".utf8) else {
            throw invalid("it has no scheme; write http://HOST or https://HOST")
        }
        guard let scheme = Scheme(rawValue: url[..<separator.lowerBound].lowercased()) else {
            throw invalid("its scheme is '\(url[..<separator.lowerBound])'; only http and https are understood")
        }
        let rest = url[separator.upperBound...]
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw invalid("it holds a space, a control character or one outside ASCII")
        }
        guard !rest.contains("?"), !rest.contains("#") else { throw invalid("it has a query or a fragment") }
        guard !rest.contains("@") else {
            // What stands in front of the '@' may be a password, and is not repeated.
            let place = rest[(rest.lastIndex(of: "@") ?? rest.startIndex)...]
            throw InvalidEndpoint(
                url: "\(scheme.rawValue)://…\(place)",
                reason: "it has a user; give credentials by profile or environment"
            )
        }
        let authorityEnd = rest.firstIndex(of: "/") ?? rest.endIndex
        var basePath = rest[authorityEnd...]
        while basePath.last == "/" { basePath.removeLast() }

        let authority = rest[..<authorityEnd]
        let hostText: Substring
        var portText: Substring?
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { throw invalid("a '[' of its host is not closed") }
            hostText = authority[authority.index(after: authority.startIndex)..<close]
            let tail = authority[authority.index(after: close)...]
            guard tail.isEmpty || tail.first == ":" else { throw invalid("only a port may follow ']'") }
            portText = tail.isEmpty ? nil : tail.dropFirst()
            guard hostText.contains(":"),
                hostText.utf8.allSatisfy({
                    $0.hexadecimalValue != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
                })
            else { throw invalid("'\(hostText)' is not an IPv6 address") }
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { throw invalid("an IPv6 address stands in brackets: http://[::1]:9000") }
            hostText = parts.first ?? ""
            portText = parts.count == 2 ? parts[1] : nil
            guard
                hostText.utf8.allSatisfy({
                    $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
                        || $0 == UInt8(ascii: "_")
                })
            else { throw invalid("'\(hostText)' is not a host name") }
        }
        guard !hostText.isEmpty else { throw invalid("it names no host") }
        var port = scheme.defaultPort
        if let portText {
            guard let number = parseDecimal(portText.utf8.span), (1...65_535).contains(number) else {
                throw invalid("'\(portText)' is not a port; ports are 1 to 65535")
            }
            port = number
        }
        self.init(scheme: scheme, host: hostText.lowercased(), port: port, basePath: String(basePath))
    }

    /// Whether the host is an address and not a name: such a host can have no bucket in front.
    public var isAddress: Bool { Self.isAddress(host) }

    /// Whether a host, written without brackets, is an IPv4 or IPv6 address and not a name.
    public static func isAddress(_ host: String) -> Bool {
        host.contains(":") || host.utf8.allSatisfy { $0.decimalValue != nil || $0 == UInt8(ascii: ".") }
    }

    /// The endpoint as a URL.
    public var description: String { "\(scheme.rawValue)://\(authority)\(basePath)" }
}

/// An endpoint URL that cannot be used.
public struct InvalidEndpoint: Error, Sendable, Hashable, CustomStringConvertible {
    /// The URL as it was given.
    public let url: String
    /// What is wrong with it, as the second half of a sentence.
    public let reason: String

    /// A sentence that names the URL and the reason.
    public var description: String { "'\(url)' is not a usable endpoint: \(reason)" }
}
