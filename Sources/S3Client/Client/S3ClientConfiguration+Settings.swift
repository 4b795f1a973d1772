private import S3Protocol

extension S3ClientConfiguration {
    /// Takes over what was found in options, environment and profiles; everything else keeps its default.
    ///
    /// - Throws: ``S3ClientError`` with the code `configuration` if the endpoint's URL cannot be used; the message says
    ///   where it came from.
    public init(_ settings: ClientSettings) throws(S3ClientError) {
        self.init()
        credentials = settings.credentials
        addressing = settings.addressing
        if let region = settings.region { self.region = region }
        if let caBundle = settings.caBundle { trust = .bundle(caBundle) }
        if !settings.verifyTLS { trust = .anything }
        if let url = settings.endpoint {
            do {
                endpoint = try Endpoint(url: url)
            } catch {
                throw S3ClientError(
                    code: .configuration,
                    message:
                        "the endpoint '\(Self.withoutUser(url))' (from \(settings.origin(of: .endpoint))) cannot be used: \(error.reason)"
                )
            }
        }
    }

    /// A URL as it may be shown: a user's name and password in it are not.
    private static func withoutUser(_ url: String) -> String {
        guard let end = url.lastIndex(of: "@") else { return url }
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        return start <= end ? url[..<start] + "..." + url[end...] : url
    }
}
