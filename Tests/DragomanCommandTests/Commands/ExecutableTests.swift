import DragomanCommand
import TestKit
import Testing

/// The built executable, as far as it goes without a model.
@Suite(.enabled(if: BuiltExecutable.isExpected), .timeLimit(.minutes(5)))
struct ExecutableTests {
    @Test func `help and version go to standard output`() async throws {
        let version = try await BuiltExecutable(["--version"])
        #expect(version.output == Dragoman.version + "\n")
        #expect(version.status == 0)
        for arguments in [
            ["--help"], ["translate", "--help"], ["help", "translate"], ["model", "inspect", "--help"],
        ] {
            let help = try await BuiltExecutable(arguments)
            #expect(help.output.contains("USAGE: dragoman"))
            #expect(help.messages == "")
            #expect(help.status == 0)
        }
    }

    @Test func `a wrong argument is told on standard error`() async throws {
        let run = try await BuiltExecutable(["translate", "--beam-size", "0"])
        #expect(run.messages.hasPrefix("dragoman: --beam-size must be 1 to 256, not 0\nUsage: "))
        #expect(run.output == "")
        #expect(run.status == 64)
    }

    @Test func `input that cannot be opened is told before a model is loaded`() async throws {
        let missing = try await BuiltExecutable(["translate", "/nonexistent/file"])
        #expect(missing.messages == "dragoman: /nonexistent/file: No such file or directory\n")
        #expect(missing.status == 66)
        let directory = try await BuiltExecutable(["translate", "/"])
        #expect(directory.messages == "dragoman: /: Is a directory\n")
        #expect(directory.status == 66)
        let input = try await BuiltExecutable(shell: "dragoman translate < /")
        #expect(input.messages == "dragoman: standard input: Is a directory\n")
        #expect(input.status == 66)
    }

    @Test func `a length that is none is told with its line before a model is loaded`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("workload.tokens", "3\ta b\n\n18446744073709551616\ta b\n")
        let run = try await BuiltExecutable(["bench", "--model", "/nonexistent", "--tokens", path])
        #expect(run.messages.hasPrefix("dragoman: \(path):3: the length before the tab is 18446744073709551616, not a"))
        #expect(run.output == "")
        #expect(run.status == 65)
    }

    @Test func `help that cannot be written is an error`() async throws {
        let full = try await BuiltExecutable(shell: "dragoman --help > /dev/full")
        #expect(full.messages == "dragoman: standard output: No space left on device\n")
        #expect(full.status == 74)
    }
}
