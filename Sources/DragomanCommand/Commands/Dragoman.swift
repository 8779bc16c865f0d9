package import ArgumentParser
import Foundation

/// `dragoman`
package struct Dragoman: AsyncParsableCommand {
    package static let version = "0.1.0"

    package static let configuration = CommandConfiguration(
        commandName: "dragoman",
        abstract: "Translates text with Transformer models, the same way every time.",
        discussion: """
            The same sentence gives the same translation and the same scores, to the bit, whatever is translated \
            beside it, on however many cores, on any processor.

            Examples:
              echo "Where is the train station?" | dragoman translate
              dragoman model pull Helsinki-NLP/opus-mt-en-de
              dragoman translate --model opus-mt-en-de news.txt > news.de.txt
              dragoman model inspect opus-mt-en-de
            """,
        version: version,
        subcommands: [
            Translate.self, Sentences.self, Serve.self, SubmitCommand.self, ResultsCommand.self, StatusCommand.self,
            TopCommand.self, HealthCommand.self, JobCommand.self, JobsCommand.self, CancelCommand.self,
            DeadCommand.self, ConsumersCommand.self, ModelsCommand.self, GlossaryCommand.self,
            BrokerCommand.self, WorkerCommand.self, GatewayCommand.self, Check.self, Key.self, APIKey.self,
            StoreCommand.self, Model.self, Bench.self, Manual.self,
        ]
    )

    package init() {}

    /// Sets what holds for the whole process. Call it first, while the process has one thread.
    package static func prepare() {
        // A reader that goes is an error of write(2), after which a command still says what has been read, and a daemon
        // goes on without its log.
        signal(SIGPIPE, SIG_IGN)
        // Dispatch starts its manager thread with the first task, asks for a negative nice value for it, and tells syslog
        // "Failed to set thread priority" when that is refused, as it is to most processes. It has nothing else to say
        // that an operator could use. (dispatch_debug(3) has the variable.)
        setenv("LIBDISPATCH_LOG", "NO", 0)
    }

    /// Runs the process's arguments, and ends the process.
    package static func launch() async -> Never {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            Foundation.exit(ExitStatus.success.rawValue)
        } catch let error as CommandError {
            end(error)
        } catch {
            end(error)
        }
    }

    private static func end(_ error: CommandError) -> Never {
        if let message = error.message { try? OutputFile.standardError.write("dragoman: \(message)\n") }
        Foundation.exit(error.status.rawValue)
    }

    /// Help and version, which ArgumentParser throws too, and wrong arguments.
    private static func end(_ error: any Error) -> Never {
        let status = exitCode(for: error)
        let message = fullMessage(for: error)
        if status == .success {
            do {
                try OutputFile.standardOutput.write(message + "\n")
            } catch {
                end(CommandError(writing: error))
            }
        } else if !message.isEmpty {
            let reason = message.hasPrefix("Error: ") ? String(message.dropFirst("Error: ".count)) : message
            try? OutputFile.standardError.write("dragoman: \(reason)\n")
        }
        Foundation.exit(status.rawValue)
    }
}
