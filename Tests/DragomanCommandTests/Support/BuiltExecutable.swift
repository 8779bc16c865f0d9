import DragomanCommand
import Foundation

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
        status = try await onBlockingThread(named: "test") {
            let process = Process()
            process.executableURL = URL(filePath: path)
            process.arguments = arguments
            // Not the configuration that this host may have.
            process.environment = ProcessInfo.processInfo.environment.merging(["DRAGOMAN_CONFIG": ""]) { $1 }
            process.standardInput = FileHandle(fileDescriptor: inputFile.descriptor)
            process.standardOutput = FileHandle(fileDescriptor: outputFile.descriptor)
            process.standardError = FileHandle(fileDescriptor: messagesFile.descriptor)
            try process.run()
            process.waitUntilExit()
            // As a shell shows it.
            return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
        }
        output = try outputFile.contents()
        messages = try messagesFile.contents()
    }
}
