internal import NIOSSL
internal import Synchronization

/// The certificate and key in force. New connections get what was read last.
final class TLSContext: Sendable {
    private let files: GatewayServer.TLSFiles
    private let context: Mutex<NIOSSLContext>

    init(_ files: GatewayServer.TLSFiles) throws {
        self.files = files
        context = Mutex(try Self.read(files))
    }

    var current: NIOSSLContext { context.withLock { $0 } }

    /// - Throws: When the files cannot be used; then the old ones stay in force.
    func reload() throws {
        let new = try Self.read(files)
        context.withLock { $0 = new }
    }

    private static func read(_ files: GatewayServer.TLSFiles) throws -> NIOSSLContext {
        let chain = try named(files.certificate, "holds no certificate in PEM, or cannot be read") {
            try NIOSSLCertificate.fromPEMFile(files.certificate).map { NIOSSLCertificateSource.certificate($0) }
        }
        let key = try named(files.privateKey, "holds no private key in PEM, or cannot be read") {
            try NIOSSLPrivateKey(file: files.privateKey, format: .pem)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    /// The library does not say which file it is about.
    private static func named<Value>(_ file: String, _ problem: String, _ read: () throws -> Value) throws -> Value {
        do {
            return try read()
        } catch {
            throw TLSFileError(description: "\(file) \(problem) (\(error))")
        }
    }
}

private struct TLSFileError: Error, CustomStringConvertible {
    let description: String
}
