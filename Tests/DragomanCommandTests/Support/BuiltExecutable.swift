import DragomanCommand
import Foundation
import TestKit

/// The `dragoman` that was built together with the tests.
struct BuiltExecutable {
    /// The tests run from a file beside it.
    static let path: String? = {
        guard let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return nil
        }
        let path = URL(filePath: tests).deletingLastPathComponent().appending(path: "dragoman").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// Whether its tests run: when it is there, and in continuous integration even when not, where they then fail.
    static var isExpected: Bool {
        path != nil || ProcessInfo.processInfo.environment["CI"].map { !$0.isEmpty } == true
    }

    private struct NotBuilt: Error, CustomStringConvertible {
        let description = "the executable dragoman is not built: swift build --product dragoman"
    }

    /// - Throws: When it is not there.
    private static func requirePath() throws -> String {
        guard let path else { throw NotBuilt() }
        return path
    }

    var output: String
    var messages: String
    var status: Int32

    /// Runs the executable to its end.
    init(_ arguments: [String], input: String = "") async throws {
        try await self.init(running: Self.requirePath(), arguments, input: input)
    }

    /// Runs a script, for what only a shell can connect; in it, `dragoman` is the executable.
    init(shell script: String) async throws {
        let function = "dragoman() { \"\(try Self.requirePath())\" \"$@\"; }"
        try await self.init(running: "/bin/bash", ["-c", "\(function)\n\(script)"], input: "")
    }

    private init(running path: String, _ arguments: [String], input: String) async throws {
        let inputFile = try TemporaryFile(Array(input.utf8))
        let outputFile = try TemporaryFile()
        let messagesFile = try TemporaryFile()
        // Not the configuration that this host may have.
        let environment = ProcessInfo.processInfo.environment.merging(["DRAGOMAN_CONFIG": ""]) { $1 }
        status = try await onBlockingThread(named: "test") {
            // Foundation's `Process` has been seen to wait for children that had ended, where many tests run at once.
            let child = try Child.spawn(
                path, arguments, environment: environment, input: inputFile.descriptor, output: outputFile.descriptor,
                errors: messagesFile.descriptor)
            // As a shell shows it.
            return switch Child.reap(child) {
            case .status(let status): status
            case .signal(let signal): 128 + signal
            }
        }
        output = try outputFile.contents()
        messages = try messagesFile.contents()
    }
}
