package import ArgumentParser
import Clocks
import DragomanClient
import Foundation
import JobModel
import Synchronization

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
            the gateway's page show. What there is no room for is left out. q or Ctrl-C ends it, Ctrl-Z stops it until fg.

            The numbers are those of all tenants with an operator's key, unless --tenant names one, and your own tenant's \
            with any other. It needs a terminal, and one that TERM does not call dumb; `dragoman status --watch` does not, and `dragoman status --json` is for \
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
        /// There are reports that have not been taken.
        case reported
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
        let canDraw = TerminalScreen.canDraw(term: ProcessInfo.processInfo.environment["TERM"])
        guard isatty(STDIN_FILENO) == 1, output.isTerminal, canDraw else {
            throw CommandError(
                .usage, "top needs a terminal; use dragoman status --watch, or for programs dragoman status --json")
        }
        let connection = try connection.connection()
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let heeded = [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP].filter { !Interrupt.isIgnored($0) }
        let signals = try SignalThread(heeded + [SIGWINCH]) { number in
            continuation.yield(number == SIGWINCH ? .resized : .signal(number))
        }
        let reports = NewestReports()
        let asking = ask(connection) { if reports.put($0, of: $1) { continuation.yield(.reported) } }
        let end = await show(events, continuation, reports, of: connection.client, on: output)
        asking.cancel()
        signals.stop()
        switch try end.get() {
        case .quit: break
        case .signal(let number): Interrupt.end(by: number)
        case .denied(let error): throw CommandError(error)
        }
    }

    /// Asks until it is cancelled; each broker by itself, so that one that does not answer keeps nobody from the others.
    private func ask(
        _ connection: Connection, _ report: @escaping @Sendable (Result<StatusReport, ClientError>, Int) -> Void
    ) -> Task<Void, Never> {
        Task { [tenants, interval] in
            // Not so long that what is shown is old meanwhile.
            let patience = min(connection.patience, .seconds(5))
            await withDiscardingTaskGroup { group in
                for broker in connection.client.settings.jobsEndpoints.indices {
                    group.addTask {
                        while !Task.isCancelled {
                            do throws(ClientError) {
                                let status = try await connection.client.status(
                                    of: broker, scope: tenants.scope, patience: patience)
                                report(.success(status), broker)
                            } catch {
                                report(.failure(error), broker)
                            }
                            try? await Task.sleep(for: .seconds(interval))
                        }
                    }
                }
            }
        }
    }

    private func show(
        _ events: AsyncStream<Event>, _ continuation: AsyncStream<Event>.Continuation, _ reports: NewestReports,
        of client: Client, on output: OutputFile
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
                case .signal(SIGTSTP): try screen.stop()
                case .signal(let number): return .success(.signal(number))
                case .resized: break
                case .reported:
                    for (broker, status) in reports.take() {
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
        let time = JobReportText.time(SystemClock.wall)
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

/// Of each broker, the report that came last. A terminal that is held up for long is not shown all that was before.
private final class NewestReports: Sendable {
    private let reports = Mutex<[Int: Result<StatusReport, ClientError>]>([:])

    /// - Returns: Whether there were none before, so that someone is to be told.
    func put(_ report: Result<StatusReport, ClientError>, of broker: Int) -> Bool {
        reports.withLock { reports in
            defer { reports[broker] = report }
            return reports.isEmpty
        }
    }

    func take() -> [Int: Result<StatusReport, ClientError>] {
        reports.withLock { reports in
            defer { reports = [:] }
            return reports
        }
    }
}
