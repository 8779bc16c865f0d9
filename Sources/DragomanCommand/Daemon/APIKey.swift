package import ArgumentParser
import Foundation
import Gateway
import Glibc
import JobModel

/// `dragoman api-key`
package struct APIKey: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "api-key",
        abstract: "Makes an API key for the HTTP gateway.",
        discussion: """
            The key is printed, and is kept nowhere: give it to whom it is for. A line with its digest is added to the \
            file, which gateway.keys_file names; SIGHUP (systemctl reload) has the gateway read it again. A line is

              DIGEST NAME ROLES [LIMIT=NUMBER ...]

            and to delete it withdraws the key. The log has the name. Roles, with commas between them:

            \(KeyRing.Role.allCases.map { "  \($0.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)) \($0.meaning)" }
                .joined(separator: "\n"))

            Examples:
              dragoman api-key /etc/dragoman/api-keys acme
              dragoman api-key /etc/dragoman/api-keys batch --roles jobs,results --requests-per-minute 600
              dragoman api-key /etc/dragoman/api-keys guest --characters-per-month 500000

            Exit status: 0, 64 for wrong arguments, 74 when the file cannot be written.
            """
    )

    @Argument(help: "Where the digest goes.", completion: .file())
    var file: String

    @Argument(help: "What the log calls the key's holder.")
    var name: String

    @Option(help: "What the key is good for.")
    var roles = KeyRing.Role.translate.rawValue

    @Option(help: "More requests are told to slow down (429). (default: as many as come)")
    var requestsPerMinute: Int?

    @Option(
        help: "Characters of texts, in a calendar month, that are translated; more are refused. (default: no limit)")
    var charactersPerMonth: Int?

    package init() {}

    package func validate() throws { _ = try ring("") }

    package func run() throws {
        let key = JobID.random().description + JobID.random().description
        let descriptor = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandError(.inputOutput, "\(file) cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        // The last line may have been written by hand, without its end.
        var last = UInt8(ascii: "\n")
        let end = lseek(descriptor, 0, SEEK_END)
        if end > 0 { _ = pread(descriptor, &last, 1, end - 1) }
        let bytes = Array(((last == UInt8(ascii: "\n") ? "" : "\n") + line(key) + "\n").utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw CommandError(.inputOutput, "\(file) cannot be written: \(String(cString: strerror(errno)))")
        }
        try OutputFile.standardOutput.finish(with: Array("\(key)\n".utf8))
    }

    private func line(_ key: String) -> String {
        var words = [KeyRing.digest(of: key), name, roles]
        if let requestsPerMinute { words.append("requests_per_minute_max=\(requestsPerMinute)") }
        if let charactersPerMonth { words.append("characters_per_month_max=\(charactersPerMonth)") }
        return words.joined(separator: " ")
    }

    /// What the gateway would make of the line.
    private func ring(_ key: String) throws -> KeyRing {
        guard !name.isEmpty, !name.hasPrefix("#"), !name.contains(where: \.isWhitespace) else {
            throw ValidationError("the name must have no blank in it, and not begin with #")
        }
        for (flag, limit) in [
            ("--requests-per-minute", requestsPerMinute), ("--characters-per-month", charactersPerMonth),
        ] {
            if let limit, limit < 1 { throw ValidationError("\(flag) must be 1 or more, not \(limit)") }
        }
        do throws(KeyRingError) {
            return try KeyRing(line(key), file: file)
        } catch {
            throw ValidationError(error.problem)
        }
    }
}
