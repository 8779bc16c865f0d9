import DragomanCommand
import Testing

/// The built executable with the demo model.
@Suite(.enabled(if: BuiltExecutable.isExpected), .timeLimit(.minutes(5)))
struct DemoModelTests {
    @Test func `the README's first command translates`() async throws {
        let run = try await BuiltExecutable(["translate"], input: "Where is the train station?\n")
        #expect(run.output.contains("gare"))
        #expect(run.output.hasSuffix("\n"))
        #expect(run.messages == "")
        #expect(run.status == 0)
    }

    @Test func `a bad line does not disturb the others`() async throws {
        let run = try await BuiltExecutable(
            shell: #"printf 'Good morning.\r\n\n\xff\nThank you.' | dragoman translate"#)
        let lines = run.output.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 5)
        #expect(lines[0].last == "\r")
        #expect(lines[1].isEmpty && lines[2].isEmpty && !lines[3].isEmpty)
        #expect(run.messages == "dragoman: line 3: invalid UTF-8 at byte offset 0 (0xFF)\n")
        #expect(run.status == 1)
    }

    @Test func `requests in JSON have their own options`() async throws {
        let run = try await BuiltExecutable(
            ["translate", "--input-format", "jsonl"],
            input: #"{"text": "Good morning.", "beam_size": 4, "n_best": 2, "alignments": true}"# + "\n")
        #expect(run.output.hasPrefix(#"{"index":0,"source":"Good morning.","hypotheses":[{"text":""#))
        #expect(run.output.contains(#""alignment":[["#))
        #expect(run.status == 0)
    }

    @Test func `a translation scores better than another`() async throws {
        let script = """
            dragoman translate --score <(printf 'Bonjour.\\nLa gare est ici.\\n') <(printf 'Hello.\\nHello.\\n')
            """
        let run = try await BuiltExecutable(shell: script)
        let scores = run.output.split(separator: "\n").compactMap { Float(String($0)) }
        try #require(scores.count == 2)
        #expect(scores[0] > scores[1])
    }

    @Test func `a line comes out while the input is open`() async throws {
        let script = """
            coproc D { dragoman translate; }
            echo 'Hello.' >&${D[1]}; read -r line <&${D[0]}; echo "$line"
            """
        let run = try await BuiltExecutable(shell: script)
        #expect(!run.output.isEmpty && run.output != "\n")
    }

    @Test func `a closed pipe ends the process quietly`() async throws {
        let run = try await BuiltExecutable(
            // Another test of this process ignores the signal, and what is ignored is inherited.
            shell: "set -o pipefail; env --default-signal=PIPE yes 'Hello.' | dragoman translate | head -n 1")
        #expect(run.messages == "")
        #expect(run.status == 141)
    }

    @Test func `a full disk is told`() async throws {
        let run = try await BuiltExecutable(shell: "echo 'Hello.' | dragoman translate > /dev/full")
        #expect(run.messages == "dragoman: standard output: No space left on device\n")
        #expect(run.status == 74)
    }

    @Test func `an interrupt ends the process at once`() async throws {
        // An asynchronous command of a shell ignores interrupts unless the shell has job control.
        let script = """
            set -m
            dragoman translate < <(sleep 4) & sleep 1; kill -INT -- -$!; wait $!
            """
        #expect(try await BuiltExecutable(shell: script).status == 130)
    }

    @Test func `a folder without a model is told`() async throws {
        let run = try await BuiltExecutable(["translate", "--model", "/nonexistent"], input: "Hello.\n")
        #expect(run.messages.hasPrefix("dragoman: "))
        #expect(run.messages.contains("/nonexistent"))
        #expect(run.output == "")
        #expect(run.status == 78)
    }

    @Test func `inspect says what the model is`() async throws {
        let text = try await BuiltExecutable(["model", "inspect"])
        #expect(text.output.contains("marian"))
        #expect(text.status == 0)
        let json = try await BuiltExecutable(["model", "inspect", "--json"])
        #expect(json.output.hasPrefix(#"{"directory":"#))
        #expect(json.output.contains(#""memory_bytes":{"float32":"#))
        #expect(json.status == 0)
    }
}
