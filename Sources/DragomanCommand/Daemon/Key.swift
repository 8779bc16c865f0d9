package import ArgumentParser
import Foundation
import Glibc
import ZeroMQ

/// `dragoman key`
package struct Key: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Makes a CURVE key pair for a broker, a worker or a client.",
        discussion: """
            The secret key is written to the file, which only its owner may read and which must not exist; the public \
            key is printed. A broker's allow_file has a line for each key that it lets in:

              PUBLIC-KEY TENANT ROLES

            where ROLES are some of producer, worker, consumer, observer, operator, with commas between them.

            Example:
              dragoman key /etc/dragoman/broker.key

            Exit status: 0, 64 for wrong arguments, 74 when writing fails.
            """
    )

    @Argument(help: "Where the secret key goes.", completion: .file())
    var file: String

    package init() {}

    package func run() throws {
        let keys: CurveKeyPair
        do {
            keys = try CurveKeyPair.generate()
        } catch {
            throw CommandError(.inputOutput, "no key could be made: \(error)")
        }
        try write(keys.secretKey.exposedText + "\n")
        try OutputFile.standardOutput.finish(with: Array("\(keys.publicKey)\n".utf8))
    }

    private func write(_ secret: String) throws(CommandError) {
        // Made with its mode, so that there is no moment at which others may read it.
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandError(.inputOutput, "\(file) cannot be made: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let bytes = Array(secret.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw CommandError(.inputOutput, "\(file) cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
