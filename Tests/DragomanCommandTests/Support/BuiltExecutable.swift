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
        // Not the configuration that this host may have.
        let environment = ProcessInfo.processInfo.environment.merging(["DRAGOMAN_CONFIG": ""]) { $1 }
        status = try await onBlockingThread(named: "test") {
            let files = [inputFile.descriptor, outputFile.descriptor, messagesFile.descriptor]
            let child = try Self.spawn(path, arguments, environment, files)
            var status: Int32 = 0
            while waitpid(child, &status, 0) < 0, errno == EINTR {}
            // As a shell shows it; WIFEXITED and the like are macros.
            return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f)
        }
        output = try outputFile.contents()
        messages = try messagesFile.contents()
    }

    /// Foundation's `Process` has been seen to wait for children that had ended, where many tests run at once.
    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String], _ files: [Int32]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, file) in files.enumerated() { posix_spawn_file_actions_adddup2(&actions, file, Int32(target)) }
        // Whatever signals the test runner ignores or blocks.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, path, &actions, &attributes, words, variables)
        guard code == 0 else { throw SystemError(path, code) }
        return child
    }
}
