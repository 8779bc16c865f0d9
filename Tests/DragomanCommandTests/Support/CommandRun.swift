import ArgumentParser
import DragomanCommand
import DragomanEngine

/// What `dragoman translate` does with an input, the engine replaced by a closure.
struct CommandRun {
    var output: String
    var messages: String
    var status: ExitStatus?
    var error: CommandError?

    init(
        _ arguments: [String] = [], input: [UInt8], targets: String? = nil,
        translate: @escaping TranslationSession.Translate = { .capitals($0) }
    ) async throws {
        let output = try TemporaryFile()
        let messages = try TemporaryFile()
        let session = try Translate.parse(arguments).session(
            input: try TemporaryFile(input).input(),
            targets: try targets.map { try TemporaryFile(Array($0.utf8)).input() },
            output: output.output, messages: messages.output, translate: translate)
        do {
            status = try await session.run()
        } catch let failure as CommandError {
            error = failure
        }
        self.output = try output.contents()
        self.messages = try messages.contents()
    }

    init(
        _ arguments: [String] = [], input: String, targets: String? = nil,
        translate: @escaping TranslationSession.Translate = { .capitals($0) }
    ) async throws {
        try await self.init(arguments, input: Array(input.utf8), targets: targets, translate: translate)
    }
}
