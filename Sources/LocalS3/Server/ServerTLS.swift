import NIOSSL

/// Reads a certificate and its key.
enum ServerTLS {
    /// - Throws: `LocalS3Error` with `.tls`, naming the file.
    static func context(_ files: LocalS3Configuration.TLS) throws(LocalS3Error) -> NIOSSLContext {
        let chain = try read(files.certificateChainFile, "certificate chain") { path in
            try NIOSSLCertificate.fromPEMFile(path)
        }
        let key = try read(files.privateKeyFile, "private key") { path in
            try NIOSSLPrivateKey(file: path, format: .pem)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.applicationProtocols = ["http/1.1"]
        return try read(files.certificateChainFile, "certificate with its key") { _ in
            try NIOSSLContext(configuration: configuration)
        }
    }

    private static func read<Result>(
        _ path: String,
        _ what: String,
        load: (String) throws -> Result
    ) throws(LocalS3Error) -> Result {
        do {
            return try load(path)
        } catch {
            throw LocalS3Error(code: .tls, message: "cannot use the \(what) in \(path): \(error)")
        }
    }
}
