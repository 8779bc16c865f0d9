package import ArgumentParser
import Foundation
import Glibc
import Wording
import ZeroMQ

/// `dragoman key`
package struct Key: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Makes a CURVE key pair for a broker, a worker or a client.",
        discussion: """
            The secret key is written to the file, which only its owner may read and which must not exist; folders \
            that are missing are made. The public key is printed. These files are found without a setting:

              /etc/credstore/dragoman.broker.key  by the broker's service
              /etc/credstore/dragoman.worker.key  by a worker's service
              ~/.config/dragoman/client.key       by commands such as submit

            The public key of a broker goes into access.server_public_key of those who connect to it; that of a \
            worker or client into the broker's access.allow_file, which has a line for each key:

              PUBLIC-KEY TENANT ROLES

            A tenant is whose jobs and results these are: keys with the same tenant see the same jobs, and no \
            others. It is any name without blanks. Roles, with commas between them:

            \(Role.allCases.map { "  \($0.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)) \($0.meaning)" }
                .joined(separator: "\n"))

            The list may also have a line for a tenant, which limits what all its keys together may ask for:

              tenant NAME KEY=VALUE ...

              weight=N                its share of the workers beside other tenants' (1)
              priority_max=N          higher priorities are refused (3)
              queued_jobs_max=N       unfinished jobs, in place of limits.tenant_queued_jobs_max
              queued_bytes_max=N      their texts, in place of limits.tenant_queued_bytes_max
              jobs_per_second_max=N   new jobs; more are told when to come again
              texts_per_second_max=N  their texts
              connections_max=N       open connections

            Examples:
              sudo dragoman key /etc/credstore/dragoman.broker.key
              sudo dragoman key --public /etc/credstore/dragoman.broker.key

            Exit status: 0, 64 for wrong arguments, 74 when reading or writing fails, 78 when the file has no key.
            """
    )

    @Argument(help: "Where the secret key goes, or is.", completion: .file())
    var file: String

    @Flag(name: .customLong("public"), help: "Print the public key of the secret key in the file, and change nothing.")
    var printsPublic = false

    package init() {}

    package func run() throws {
        let keys: CurveKeyPair
        if printsPublic {
            keys = try AccessFiles.keys(file)
        } else {
            do {
                keys = try CurveKeyPair.generate()
            } catch {
                throw CommandError(.inputOutput, "no key could be made: \(error)")
            }
            try makeFolder()
            try write(keys.secretKey.exposedText + "\n")
        }
        try OutputFile.standardOutput.finish(with: Array("\(keys.publicKey)\n".utf8))
    }

    /// The folder of the file. Where it holds secrets only its owner may look.
    private func makeFolder() throws(CommandError) {
        let folder = URL(filePath: file).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandError(.inputOutput, "\(folder.path) cannot be made: \(error.reason)")
        }
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
