internal import Foundation

/// A certificate that signs itself, and its key, made by the `openssl` command.
public struct TestCertificate: Sendable {
    /// The command failed.
    public struct Failed: Error {
        /// What it said.
        public let output: String
    }

    /// The certificate in PEM form: what the server shows, and what a client is to trust.
    public let certificateFile: String
    /// Its key in PEM form.
    public let keyFile: String

    /// Makes a certificate that is valid for a day.
    ///
    /// - Parameters:
    ///   - folder: Where the two files go.
    ///   - names: Whom it is for, as `subjectAltName` writes it.
    /// - Throws: ``Failed``.
    public init(in folder: String, for names: String = "DNS:localhost,IP:127.0.0.1") throws {
        certificateFile = folder + "/certificate.pem"
        keyFile = folder + "/key.pem"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "1", "-subj", "/CN=brigade tests", "-addext", "subjectAltName=\(names)",
            "-keyout", keyFile, "-out", certificateFile,
        ]
        let output = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(output: String(decoding: text, as: UTF8.self)) }
    }
}
