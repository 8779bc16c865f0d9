package import ArgumentParser
import Foundation
import Hub

/// `dragoman model pull`
package struct PullModel: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetches a model from the Hugging Face hub.",
        discussion: """
            Fetches what makes the model and nothing else: its settings, its tokenizer's files and its weights in one \
            form (model.safetensors, or else pytorch_model.bin), never a program. Each file is compared with the size \
            and the digest that the hub publishes, and the model is put in its place when all of it is there. Commands \
            and the configuration then know it by its name.

            After a break (Ctrl-C, a cut connection, a full disk) the same command goes on where it stopped. For a model \
            that is there it fetches what has changed. It writes the model's folder to standard output.

            Models are in $DRAGOMAN_MODELS; without it in /var/lib/dragoman-models, where services find them too, for \
            root, and otherwise in $XDG_DATA_HOME/dragoman/models (~/.local/share/dragoman/models).

            Environment: HF_TOKEN, for private models and those with terms to accept; HF_ENDPOINT, another hub; \
            https_proxy, http_proxy and no_proxy; SSL_CERT_FILE, certificates to trust.

            Examples:
              dragoman model pull Helsinki-NLP/opus-mt-en-fr
              dragoman translate --model Helsinki-NLP/opus-mt-en-fr news.txt
              sudo dragoman model pull Helsinki-NLP/opus-mt-en-fr --revision refs/pr/1

            Exit status: 0, 64 for wrong arguments, 66 when there is no such repository or no model in it, 69 when the \
            hub cannot be reached, or another process pulls the same model, 74 when the disk is full or may not be \
            written, 76 when the hub refuses, or sends something else than it has published, 77 when a token is needed.
            """
    )

    @Argument(help: ArgumentHelp("A repository's name: ORGANISATION/NAME.", valueName: "name"))
    var name: String

    @Option(
        help: ArgumentHelp("A branch, a tag or a commit. (default: main)", valueName: "revision"))
    var revision = "main"

    package init() {}

    package func run() async throws {
        let messages = OutputFile.standardError
        let (name, revision) = (name, revision)
        // A file that may not grow further is an error of write(2), after which we say what is there.
        signal(SIGXFSZ, SIG_IGN)
        let stop = Stop()
        let interrupt = try Interrupt { _ in stop.request() }
        defer { interrupt.cancel() }
        let progress = PullProgress(name: name, messages: messages, isTerminal: messages.isTerminal)
        do {
            let outcome = try await onBlockingThread(named: "pull") {
                try Self.pull(name, revision, stop, progress)
            }
            progress.end(outcome)
            try OutputFile.standardOutput.finish(with: Array("\(outcome.model.folder)\n".utf8))
        } catch let error as HubError {
            progress.erase()
            if error.code == .interrupted {
                try? messages.write("dragoman: interrupted\(progress.kept); to go on: dragoman model pull \(name)\n")
                interrupt.endIfInterrupted()
            }
            throw CommandError(error)
        }
    }

    private static func pull(
        _ name: String, _ revision: String, _ stop: Stop, _ progress: PullProgress
    ) throws -> Pull.Outcome {
        let environment = ProcessInfo.processInfo.environment
        let repository = try RepositoryName(name)
        let endpoint = try HubEndpoint(environment: environment)
        let transport = try CurlTransport(
            userAgent: "dragoman/\(Dragoman.version)", environment: environment, stop: stop, onTurn: progress.turn)
        let client = HubClient(endpoint: endpoint, transport: transport, stop: stop, onRetry: progress.retry)
        guard let folder = ModelArgument.folders.first else { preconditionFailure("there is a folder for all users") }
        return try Pull(
            repository, revision: revision, to: folder, client: client, freeBytes: FreeSpace.bytes,
            report: progress.take
        ).run()
    }
}

extension CommandError {
    init(_ error: HubError) {
        let status: ExitStatus =
            switch error.code {
            case .invalidName: .usage
            case .notFound, .noModel: .noInput
            case .forbidden: .forbidden
            case .malformedAnswer, .refused, .damaged, .untrusted: .refused
            case .unreachable, .busy, .missingLibrary: .unavailable
            case .unwritable: .inputOutput
            case .interrupted: .interrupted
            }
        self.init(status, error.message)
    }
}
