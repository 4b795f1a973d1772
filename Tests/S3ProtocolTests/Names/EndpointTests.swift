import Testing

@testable import S3Protocol

@Suite("Endpoints")
struct EndpointTests {
    @Test(
        "URLs are read",
        arguments: [
            ("https://s3.example.com", "s3.example.com", 443, "", "https://s3.example.com"),
            ("http://s3.example.com", "s3.example.com", 80, "", "http://s3.example.com"),
            ("HTTPS://S3.Example.COM/", "s3.example.com", 443, "", "https://s3.example.com"),
            ("https://host:443", "host", 443, "", "https://host"),
            ("http://host:443", "host", 443, "", "http://host:443"),
            ("http://127.0.0.1:9000", "127.0.0.1", 9000, "", "http://127.0.0.1:9000"),
            ("http://[::1]:9000/s3", "::1", 9000, "/s3", "http://[::1]:9000/s3"),
            ("http://[FE80::1]", "fe80::1", 80, "", "http://[fe80::1]"),
            ("http://[::ffff:10.0.0.1]:1", "::ffff:10.0.0.1", 1, "", "http://[::ffff:10.0.0.1]:1"),
            ("http://host/Base/Path//", "host", 80, "/Base/Path", "http://host/Base/Path"),
            ("http://under_score-1:65535", "under_score-1", 65_535, "", "http://under_score-1:65535"),
        ]
    )
    func reads(url: String, host: String, port: Int, path: String, written: String) throws {
        let endpoint = try Endpoint(url: url)
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.basePath == path)
        #expect(endpoint.description == written)
        #expect(try Endpoint(url: written) == endpoint, "what it is written as reads the same")
    }

    @Test(
        "what cannot be used says why",
        arguments: [
            ("", "it has no scheme"), ("s3.example.com", "it has no scheme"), ("localhost:9000", "it has no scheme"),
            ("ftp://host", "its scheme is 'ftp'"), ("://host", "its scheme is ''"),
            ("s3://bucket", "its scheme is 's3'"),
            ("http://", "it names no host"), ("http:///path", "it names no host"), ("http://:80", "it names no host"),
            ("http://a b", "it holds a space"), ("http://a\n", "it holds a space"),
            ("http://h\u{F6}st", "outside ASCII"),
            ("http://host?x=1", "a query or a fragment"), ("http://host/#a", "a query or a fragment"),
            ("http://user:secret@host", "it has a user"), ("http://::1", "stands in brackets"),
            ("http://[::1", "is not closed"), ("http://[::1]9000", "only a port may follow"),
            ("http://[localhost]", "is not an IPv6 address"), ("http://[12]", "is not an IPv6 address"),
            ("http://[]", "is not an IPv6 address"), ("http://ho$t", "'ho$t' is not a host name"),
            ("http://host:", "'' is not a port"), ("http://host:0", "'0' is not a port"),
            ("http://host:65536", "'65536' is not a port"), ("http://host:+80", "'+80' is not a port"),
            ("http://host:80a", "'80a' is not a port"), ("http://host:99999999999999999999", "is not a port"),
        ]
    )
    func refuses(url: String, reason: String) {
        do throws(InvalidEndpoint) {
            _ = try Endpoint(url: url)
            Issue.record("'\(url)' was taken")
        } catch {
            #expect(error.reason.contains(reason), "\(error)")
            #expect(error.description.contains("' is not a usable endpoint: "))
            #expect(!error.description.contains("secret"), "a password is not repeated")
        }
    }

    @Test("Amazon's endpoints are named after the region")
    func amazon() {
        #expect(Endpoint.amazon(region: "eu-west-1").description == "https://s3.eu-west-1.amazonaws.com")
        #expect(Endpoint.amazon(region: "cn-north-1").description == "https://s3.cn-north-1.amazonaws.com.cn")
    }

    @Test(
        "addresses are told from names",
        arguments: [("127.0.0.1", true), ("[::1]", true), ("1.example", false), ("a", false)]
    )
    func addresses(host: String, isAddress: Bool) throws {
        #expect(try Endpoint(url: "http://\(host)").isAddress == isAddress)
    }
}
