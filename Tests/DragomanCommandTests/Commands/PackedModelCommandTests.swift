import DragomanEngine
import Foundation
import TestKit
import Testing

/// `dragoman model import`, `check` and `time`, with the built executable.
@Suite(.enabled(if: BuiltExecutable.isExpected), .timeLimit(.minutes(5)))
struct PackedModelCommandTests {
    @Test func `a model is imported, checked, timed and described`() async throws {
        let folder = try TemporaryFolder()
        let imported = try await BuiltExecutable(
            ["model", "import", Translator.demoModel.path, "--output", folder.url.path])
        #expect((imported.status, imported.output, imported.messages) == (0, "", ""))
        #expect(try await BuiltExecutable(["model", "check", folder.url.path]).status == 0)
        let described = try await BuiltExecutable(["model", "inspect", folder.url.path])
        #expect(described.output.contains("int8, packed"))
        let timed = try await BuiltExecutable(["model", "time", folder.url.path, "--repeat", "1"])
        #expect(timed.output.split(separator: "\n").map { $0.split(separator: " ")[0] }.starts(with: ["ms", "files"]))

        var bytes = try folder.read("packed.safetensors")
        bytes[bytes.count - 1] ^= 1
        try folder.write("packed.safetensors", bytes)
        let damaged = try await BuiltExecutable(["model", "check", folder.url.path])
        #expect(damaged.status == 78)
        #expect(damaged.messages.contains("the data is not what was written"))
    }

    @Test func `what cannot be imported is told`() async throws {
        let folder = try TemporaryFolder()
        let missing = try await BuiltExecutable(["model", "import", "/nonexistent", "--output", folder.url.path])
        #expect(missing.status == 78)
        #expect(
            missing.messages
                == "dragoman: /nonexistent: there is no such folder; dragoman model pull fetches models from the hub\n")
        let unwritable = try await BuiltExecutable(
            ["model", "import", Translator.demoModel.path, "--output", "/dev/null/folder"])
        #expect(unwritable.status == 74)
    }
}
