import Broker
import Clocks
import Foundation
import JobStore
import Logging
import SQLiteJobStore
import Settings
import Systemd
import Worker
import ZeroMQ

/// A broker, a worker or both in one process, from start to end: signals, systemd and the log around them.
///
/// SIGTERM and SIGINT: what has begun is finished, the rest handed back; a second one ends the process at once. SIGHUP
/// of a service: the configuration is read again; of a process that a terminal has: as SIGTERM, for the terminal is gone.
struct Daemon {
    let parts: Set<DaemonPart>
    /// Where the brokers of a gateway are that has none beside it.
    var connection: ConnectionFlags?
    let configuration: ConfigurationFlags
    /// Over the configuration: a state directory, models, an instance's name.
    let overrides: @Sendable (inout Settings) -> Void
    /// Called once when all parts serve.
    let announce: @Sendable (Settings, RunningParts) throws -> Void

    /// What a model may take to load at the start: that of a large one from a slow disk.
    private static let loadMicroseconds: UInt64 = 300_000_000
    private static let openMicroseconds: UInt64 = 3_600_000_000

    /// A worker beside its broker reaches it through memory, and needs no key.
    private var settingsParts: Set<SettingsPart> {
        parts.contains(.broker) ? [.broker] : parts.contains(.worker) ? [.worker] : [.gateway]
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        var settings = try configuration.settings(for: settingsParts)
        overrides(&settings)
        let threshold = LogThreshold(Logger.Level(settings.log.level))
        let logger = Self.logger(settings.log, threshold, environment)
        let hangup = Hangup.inherited
        let (events, post) = AsyncStream<DaemonEvent>.makeStream()
        // Until the process ends: after its last word a signal is to change nothing about its status.
        let signals = try SignalThread([SIGTERM, SIGINT, SIGHUP]) { signal in
            post.yield(.signal(signal == SIGHUP && hangup == .stop ? SIGTERM : signal))
        }
        defer { withExtendedLifetime(signals) {} }
        let notify = try Self.translating { try Notify(environment: environment) }
        let pulse = Pulse(
            of: parts == [.gateway] ? parts : parts.subtracting([.gateway]), watchdog: try Self.watchdog(environment),
            notify: notify, logger: logger)
        var running = RunningParts(
            settings: settings, configuration: configuration, connection: connection, environment: environment,
            logger: logger, pulse: pulse,
            post: { post.yield(.part($0, $1)) })
        if parts.contains(.worker), let note = ModelSettings.note(on: settings.models) { logger.notice("\(note)") }
        noteDefaultModel(settings, logger)
        do {
            if parts.contains(.broker) {
                // A store of an older release is rewritten, and a long journal is read, before anything else is answered.
                Self.tell(logger) {
                    try notify.send(
                        .status("Opening the job store"), .extendTimeout(microseconds: Self.openMicroseconds))
                }
            }
            try running.start(parts)
            let failure = try await supervise(&running, events, notify, logger, threshold, settings)
            if let failure { throw failure }
            try await running.stop()
        } catch {
            // A store that is not closed looks, at the next start, as if the broker had been killed.
            try? await running.stop()
            throw (error as? StoreError).map(CommandError.init) ?? error
        }
        logger.notice("stopped")
    }

    /// Until there is nothing more to wait for.
    ///
    /// - Returns: Why it ended, when it should not have.
    private func supervise(
        _ running: inout RunningParts, _ events: AsyncStream<DaemonEvent>, _ notify: Notify, _ logger: Logger,
        _ threshold: LogThreshold, _ settings: Settings
    ) async throws -> CommandError? {
        var settings = settings
        var starting = parts
        var status = "Starting"
        var refusal: String?
        var isStopping = false
        for await event in events {
            switch event {
            case .part(_, .loading(let model)):
                guard !isStopping else { continue }
                Self.tell(logger) {
                    try notify.send(
                        .status("Loading \(model)"), .extendTimeout(microseconds: Self.loadMicroseconds))
                }
            case .part(let part, .started):
                // The broker of a worker by itself is another's to start, perhaps later and on another host: systemd is
                // not to wait for it.
                guard parts == [part], starting.contains(part), !isStopping else { continue }
                status = "Waiting for broker \(settings.workBrokers)"
                Self.tell(logger) { try notify.send(.ready, .status(status)) }
            case .part(let part, .ready):
                guard starting.remove(part) != nil, starting.isEmpty, !isStopping else { continue }
                var offered = settings
                offered.models.removeAll { !running.offeredModels.contains($0.name) }
                try announce(offered, running)
                status = Self.serving(refusal)
                Self.tell(logger) { try notify.send(.ready, .status(status)) }
            case .part(_, .refusing(let reason)):
                refusal = reason
                guard starting.isEmpty, !isStopping else { continue }
                status = Self.serving(reason)
                Self.tell(logger) { try notify.send(.status(status)) }
            case .part(let part, .drained):
                if running.isDone(after: part) { return nil }
            case .part(_, .failed(let error as StoreError)):
                return CommandError(error)
            case .part(_, .failed(let error as CommandError)):
                return error
            case .part(let part, .failed(let error)):
                return CommandError(
                    error is NoModelAvailable ? .badConfiguration : .partFailed, "the \(part) cannot go on: \(error)")
            case .signal(SIGHUP):
                guard !isStopping else { continue }
                Self.tell(logger) { try notify.send(.reloading(monotonicMicroseconds: Self.monotonicMicroseconds)) }
                reload(&settings, &running, logger)
                threshold.level = Logger.Level(settings.log.level)
                Self.tell(logger) { try notify.send(.ready, .status(status)) }
            case .signal:
                if isStopping {
                    logger.warning("told to stop again: what has begun is abandoned")
                    return nil
                }
                isStopping = true
                logger.notice("stopping: what has begun is finished first")
                Self.tell(logger) { try notify.send(.stopping, .status("Draining")) }
                running.drain()
            }
        }
        return nil
    }

    /// Says so where jobs that name no model would be refused.
    private func noteDefaultModel(_ settings: Settings, _ logger: Logger) {
        guard parts.isSuperset(of: [.broker, .worker]) else { return }
        if let note = ModelSettings.note(onDefault: settings.broker.defaultModel, among: settings.models) {
            logger.warning("\(note)")
        }
    }

    /// Takes over what can be changed, and says what cannot.
    private func reload(_ settings: inout Settings, _ running: inout RunningParts, _ logger: Logger) {
        var new: Settings
        do {
            new = try configuration.settings(for: settingsParts)
            overrides(&new)
            let difference = SettingsDifference(from: settings, to: new)
            for change in difference.needingRestart {
                logger.warning("configuration: needs a restart", metadata: ["change": "\(change)"])
            }
            for change in difference.reloadable {
                logger.notice("configuration: changed", metadata: ["change": "\(change)"])
            }
            try running.reload(difference.effective)
            settings = difference.effective
            noteDefaultModel(settings, logger)
            logger.notice("configuration read again", metadata: ["audit": "reloaded"])
        } catch {
            logger.error(
                "configuration not read again: what was in force stays",
                metadata: ["problem": "\(error.message ?? "")"])
        }
    }

    private static func serving(_ refusal: String?) -> String {
        refusal.map { "Serving, but new jobs are refused: \($0)" } ?? "Serving"
    }

    private static var monotonicMicroseconds: UInt64 { SystemClock.monotonic / 1000 }

    private static func watchdog(_ environment: [String: String]) throws(CommandError) -> Watchdog? {
        try translating {
            try Watchdog(
                environment: environment, processIdentifier: getpid(),
                now: .nanoseconds(Int64(SystemClock.monotonic)))
        }
    }

    /// That systemd cannot be told is no reason to end, least of all without finishing what has begun.
    private static func tell(_ logger: Logger, _ message: () throws -> Void) {
        do { try message() } catch { logger.error("systemd cannot be told", metadata: ["problem": "\(error)"]) }
    }

    /// What systemd's variables have wrong is the configuration's fault.
    private static func translating<Value>(_ body: () throws -> Value) throws(CommandError) -> Value {
        do { return try body() } catch { throw CommandError(.badConfiguration, "\(error)") }
    }

    private static func logger(
        _ settings: LogSettings, _ threshold: LogThreshold, _ environment: [String: String]
    ) -> Logger {
        let destination: LogDestination =
            switch settings.format {
            case .auto: LogDestination(environment: environment, descriptor: STDERR_FILENO)
            case .journal: .journal(LogDestination.journalSocket, fallback: STDERR_FILENO)
            case .text: .lines(STDERR_FILENO)
            }
        return Logger(label: "dragoman") { _ in
            AdjustableLogHandler(base: JournalLogHandler(destination: destination), threshold: threshold)
        }
    }
}
