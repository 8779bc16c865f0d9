package import ArgumentParser
import DragomanClient
import Foundation
import JobModel

/// `dragoman top`
package struct TopCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Shows on a terminal, live, what brokers do.",
        discussion: """
            Examples:
              dragoman top
              dragoman top --tenant shop

            Shows the queue and its oldest job, how much is translated in a second, jobs by what became of them, workers \
            with their load and models, and consumers, those first that are furthest behind: what `dragoman status` and \
            the gateway's page show. What there is no room for is left out. q or Ctrl-C ends it.

            The numbers are those of all tenants with an operator's key, unless --tenant names one, and your own tenant's \
            with any other. It needs a terminal; `dragoman status --watch` does not, and `dragoman status --json` is for \
            programs.

            Exit status: 0, 64 for wrong arguments or without a terminal, 74 when writing fails, 77 when the key may not \
            ask. What a broker does not answer is said, and asked again.
            """)

    @Option(help: ArgumentHelp("How often brokers are asked.", valueName: "seconds"))
    var interval = 1.0

    @OptionGroup(title: "Tenants")
    var tenants: TenantFlags

    @OptionGroup(title: "Brokers")
    var connection: ConnectionFlags

    package init() {}

    package func validate() throws {
        guard (0.1...86_400).contains(interval) else {
            throw ValidationError("--interval must be 0.1 to 86400, not \(interval)")
        }
    }

    private enum Event: Sendable {
        case statuses([Result<StatusReport, ClientError>])
        case resized
        case signal(Int32)
        case quit
    }

    private enum End {
        case quit
        case signal(Int32)
        case denied(ClientError)
    }

    package func run() async throws {
        let output = OutputFile.standardOutput
        guard isatty(STDIN_FILENO) == 1, output.isTerminal else {
            throw CommandError(
                .usage, "top needs a terminal; use dragoman status --watch, or for programs dragoman status --json")
        }
        let connection = try connection.connection()
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let ends = [SIGINT, SIGTERM, SIGHUP].filter { !Interrupt.isIgnored($0) }
        let signals = try SignalThread(ends + [SIGWINCH]) { number in
            continuation.yield(number == SIGWINCH ? .resized : .signal(number))
        }
        let asking = ask(connection, continuation)
        let end = await show(events, continuation, of: connection.client, on: output)
        asking.cancel()
        signals.stop()
        switch try end.get() {
        case .quit: break
        case .signal(let number): Interrupt.end(by: number)
        case .denied(let error): throw CommandError(error)
        }
    }

    /// Asks until it is cancelled.
    private func ask(_ connection: Connection, _ continuation: AsyncStream<Event>.Continuation) -> Task<Void, Never> {
        Task { [tenants, interval] in
            // Not so long that what others say is old meanwhile.
            let patience = min(connection.patience, .seconds(5))
            while !Task.isCancelled {
                continuation.yield(
                    .statuses(await connection.client.statuses(scope: tenants.scope, patience: patience)))
                try? await Task.sleep(for: .seconds(interval))
            }
        }
    }

    private func show(
        _ events: AsyncStream<Event>, _ continuation: AsyncStream<Event>.Continuation, of client: Client,
        on output: OutputFile
    ) async -> Result<End, CommandError> {
        var picture = TopScreen(endpoints: client.settings.jobsEndpoints)
        do throws(SystemError) {
            let screen = try TerminalScreen(input: STDIN_FILENO, output: output)
            defer { screen.leave() }
            readKeys(continuation)
            try draw(picture, on: screen)
            for await event in events {
                switch event {
                case .quit: return .success(.quit)
                case .signal(let number): return .success(.signal(number))
                case .resized: break
                case .statuses(let statuses):
                    for (broker, status) in statuses.enumerated() {
                        switch status {
                        case .success(let report): picture.take(report, of: broker, at: client.address(of: broker))
                        case .failure(let error) where CommandError(error).status == .forbidden:
                            return .success(.denied(error))
                        case .failure(let error): picture.take(problem: error.message, of: broker)
                        }
                    }
                }
                try draw(picture, on: screen)
            }
            return .success(.quit)
        } catch {
            return .failure(CommandError(writing: error))
        }
    }

    private func draw(_ picture: TopScreen, on screen: TerminalScreen) throws(SystemError) {
        let time = JobReportText.time(UInt64(max(Date().timeIntervalSince1970, 0) * 1000))
        try screen.draw(picture.lines(in: screen.size, time: time))
    }

    /// The thread waits for a key when the process ends.
    private func readKeys(_ continuation: AsyncStream<Event>.Continuation) {
        startBlockingThread(named: "keys") {
            var key: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &key, 1)
                if count < 0, errno == EINTR { continue }
                // The terminal's end is no key.
                guard count == 1, ![UInt8(ascii: "q"), UInt8(ascii: "Q")].contains(key) else { break }
            }
            continuation.yield(.quit)
        }
    }
}
