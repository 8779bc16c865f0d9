import DragomanCommand
import Foundation
import TestKit

/// The `dragoman` that was built together with the tests.
struct BuiltExecutable {
    /// Whether its tests run.
    static var isExpected: Bool { BuiltProgram.isExpected }

    var output: String
    var messages: String
    var status: Int32

    /// Runs the executable to its end.
    init(_ arguments: [String], input: String = "") async throws {
        try await self.init(running: BuiltProgram.requirePath(), arguments, input: input)
    }

    /// Runs a script, for what only a shell can connect; in it, `dragoman` is the executable.
    init(shell script: String) async throws {
        let function = "dragoman() { \"\(try BuiltProgram.requirePath())\" \"$@\"; }"
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
