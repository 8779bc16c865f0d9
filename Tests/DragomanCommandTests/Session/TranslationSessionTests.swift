import ArgumentParser
import DragomanCommand
import DragomanEngine
import Foundation
import Testing

@Suite(.timeLimit(.minutes(5))) struct TranslationSessionTests {
    private func session(
        _ input: TestPipe, _ output: OutputFile, _ translator: HeldTranslator
    ) throws -> TranslationSession {
        try Translate.parse([]).session(
            input: input.input, targets: nil, output: output, messages: .standardError
        ) { try await translator.translate($0) }
    }

    @Test func `lines come out in order, whichever is ready first`() async throws {
        let input = try TestPipe()
        let output = try TestPipe()
        let translator = HeldTranslator()
        async let status = session(input, output.output, translator).run()
        try input.write("a\nb\nc\n")
        input.closeWriting()
        await translator.arrivals(3)
        await translator.release("c")
        await translator.release("b")
        await translator.release("a")
        #expect(try await status == .success)
        output.closeWriting()
        #expect(try await [output.line(), output.line(), output.line(), output.line()] == ["A", "B", "C", nil])
    }

    @Test func `a line comes out before the input ends, and before later lines are ready`() async throws {
        let input = try TestPipe()
        let output = try TestPipe()
        let translator = HeldTranslator()
        async let status = session(input, output.output, translator).run()
        try input.write("a\n")
        await translator.arrivals(1)
        await translator.release("a")
        #expect(try await output.line() == "A")
        try input.write("b\nc\n")
        await translator.arrivals(3)
        await translator.release("b")
        #expect(try await output.line() == "B")
        await translator.release("c")
        #expect(try await output.line() == "C")
        input.closeWriting()
        #expect(try await status == .success)
    }

    @Test func `no more is read than the window holds`() async throws {
        let input = try TestPipe()
        let output = try TestPipe()
        let translator = HeldTranslator()
        var session = try session(input, output.output, translator)
        session.limits.countMaximum = 3
        async let status = session.run()
        let texts = (0..<20).map { "line \($0)" }
        try input.write(texts.joined(separator: "\n"))
        input.closeWriting()
        for (index, text) in texts.enumerated() {
            await translator.arrivals(min(index + 3, texts.count))
            #expect(await translator.arrivalCount == min(index + 3, texts.count))
            await translator.release(text)
            #expect(try await output.line() == text.uppercased())
        }
        #expect(try await status == .success)
        #expect(await translator.heldMaximum == 3)
    }

    @Test func `when output fails, requests are cancelled, and no more input is waited for`() async throws {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        let input = try TestPipe()
        let translator = HeldTranslator()
        let session = try session(input, OutputFile(descriptor: full, name: "standard output"), translator)
        let run = Task { try await session.run() }
        try input.write("a\nb\nc\n")
        await translator.arrivals(3)
        await translator.release("a")
        await #expect(throws: CommandError(.inputOutput, "standard output: No space left on device")) {
            try await run.value
        }
        #expect(await translator.cancelled.sorted() == ["b", "c"])
        input.closeWriting()
    }

    @Test func `thousands of lines go through`() async throws {
        let lines = (0..<20_000).map { "line \($0)" }
        let run = try await CommandRun(input: lines.joined(separator: "\n"))
        #expect(run.output == lines.map { $0.uppercased() + "\n" }.joined())
        #expect(run.status == .success)
    }
}
