import Broker
import Clocks
import Foundation
import JobStore
import Logging
import PostgresJobStore
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
    /// Called when all parts serve; again when a broker that had lost its store serves again.
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
        if parts.contains(.worker), let note = ModelSettings.note(on: settings.models) { logger.notice("\(note)") }
        noteDefaultModel(settings, logger)
        var shared = parts.contains(.broker) ? try sharedStore(settings, logger, pulse) : nil
        // Where a broker may stand by, what watches it is answered all the time.
        let metrics = try shared.flatMap { _ in try standbyMetrics(settings, logger, post) }
        var isStopping = false
        var failures = 0
        for term in 1... {
            let standby = Standby()
            defer { standby.stop() }
            metrics?.show(MetricsPart.Parts(standby: { standby.reason }))
            func makeParts() -> RunningParts {
                RunningParts(
                    settings: settings, configuration: configuration, connection: connection, environment: environment,
                    logger: logger, pulse: pulse, metrics: metrics,
                    post: { post.yield(.part($0, $1, term: term)) })
            }
            var running = makeParts()
            let begun = ContinuousClock.now
            do {
                var store: BrokerStore?
                if let known = shared {
                    store = try await standBy(known, standby, events, post, notify, pulse, logger)
                    guard store != nil else { break }
                    reread(&settings, logger)
                    running = makeParts()
                } else if parts.contains(.broker) {
                    // A store of an older release is rewritten, and a long journal is read, before anything else is
                    // answered.
                    Self.tell(logger) {
                        try notify.send(
                            .status("Opening the job store"), .extendTimeout(microseconds: Self.openMicroseconds))
                    }
                    store = try .sqlite(settings, environment: environment, logger: logger)
                }
                try running.start(parts, on: store)
                let failure = try await supervise(
                    &running, term, events, notify, logger, threshold, &settings, isStopping: &isStopping)
                if let failure { throw failure }
                try await running.stop()
                break
            } catch {
                // A store that is not closed looks, at the next start, as if the broker had been killed.
                try? await running.stop()
                let store = error as? StoreError
                guard let store, shared != nil, store.endsEpoch || store.code == .unreachable else {
                    await metrics?.stop()
                    throw store.map(CommandError.init) ?? error
                }
                logger.warning(
                    "the job store is not this broker's any more", metadata: ["problem": "\(store)"])
                metrics?.show(MetricsPart.Parts(standby: { "\(store)" }))
                // What was not given back is another broker's soon.
                if isStopping { break }
                failures = ContinuousClock.now - begun > Self.steadyTerm ? 0 : failures + 1
                try await Task.sleep(for: Self.pause * min(1 << failures, 32))
                // The password may be another by now.
                shared = (try? sharedStore(settings, logger, pulse)) ?? shared
            }
        }
        await metrics?.stop()
        logger.notice("stopped")
    }

    /// A term that lasted for so long is followed by the next one at once.
    private static let steadyTerm = Duration.seconds(10)
    private static let pause = Duration.milliseconds(100)

    private func sharedStore(
        _ settings: Settings, _ logger: Logger, _ pulse: Pulse
    ) throws(CommandError) -> PostgresJobStore.Settings? {
        guard var shared = try PostgresJobStore.Settings(settings, logger: logger) else { return nil }
        let parts = parts
        // To read a long queue takes longer than a watchdog waits.
        shared.progress = { pulse.beat(of: parts) }
        return shared
    }

    private func standbyMetrics(
        _ settings: Settings, _ logger: Logger, _ post: AsyncStream<DaemonEvent>.Continuation
    ) throws(CommandError) -> MetricsPart? {
        guard let address = MetricsPart.address(for: parts, settings) else { return nil }
        let metrics = try MetricsPart(at: address, of: MetricsPart.Parts(), settings, logger: logger)
        let part = DaemonPart.main(of: parts)
        metrics.start { post.yield(.part(part, .failed($0), term: 0)) }
        return metrics
    }

    /// Waits until this broker has the store that it shares.
    ///
    /// - Returns: nil when it was told to stop meanwhile.
    private func standBy(
        _ shared: PostgresJobStore.Settings, _ standby: Standby, _ events: AsyncStream<DaemonEvent>,
        _ post: AsyncStream<DaemonEvent>.Continuation, _ notify: Notify, _ pulse: Pulse, _ logger: Logger
    ) async throws -> BrokerStore? {
        let parts = parts
        standby.start(shared) {
            post.yield(.standby($0))
        } onTurn: {
            pulse.beat(of: parts)
        }
        for await event in events {
            switch event {
            case .standby(.acquired):
                // Of a standby of before, it is not to be had.
                if let store = standby.takeStore() { return BrokerStore(store) }
            case .standby(.failed(let error)): throw CommandError(error)
            case .standby(.standingBy(let owner)):
                logger.notice("standing by: another broker has the job store", metadata: ["owner": "\(owner)"])
                // A broker that stands by is as well as one that serves.
                Self.tell(logger) { try notify.send(.ready, .status("Standing by: \(owner) has the job store")) }
            case .standby(.waiting(let error)):
                logger.error("waiting for the job store", metadata: ["problem": "\(error)"])
                Self.tell(logger) { try notify.send(.ready, .status("Waiting for the job store: \(error)")) }
            case .signal(SIGHUP): logger.notice("standing by: the configuration is read again when this broker serves")
            case .signal:
                logger.notice("stopping")
                Self.tell(logger) { try notify.send(.stopping) }
                return nil
            case .part(_, .failed(let error), term: 0): throw error
            case .part: continue
            }
        }
        return nil
    }

    /// Takes the configuration as it is when a broker that stood by begins to serve. What is wrong with it changes nothing.
    private func reread(_ settings: inout Settings, _ logger: Logger) {
        do throws(CommandError) {
            var new = try configuration.settings(for: settingsParts)
            overrides(&new)
            settings = new
        } catch {
            logger.error(
                "configuration not read again: what was in force stays", metadata: ["problem": "\(error.message ?? "")"]
            )
        }
    }

    /// Until there is nothing more to wait for.
    ///
    /// - Returns: Why it ended, when it should not have.
    private func supervise(
        _ running: inout RunningParts, _ term: Int, _ events: AsyncStream<DaemonEvent>, _ notify: Notify,
        _ logger: Logger, _ threshold: LogThreshold, _ settings: inout Settings, isStopping: inout Bool
    ) async throws -> (any Error)? {
        var starting = parts
        var status = "Starting"
        var refusal: String?
        for await event in events {
            switch event {
            case .part(_, _, let other) where other != term: continue
            case .standby: continue
            case .part(_, .loading(let model), _):
                guard !isStopping else { continue }
                Self.tell(logger) {
                    try notify.send(
                        .status("Loading \(model)"), .extendTimeout(microseconds: Self.loadMicroseconds))
                }
            case .part(let part, .started, _):
                // The broker of a worker by itself is another's to start, perhaps later and on another host: systemd is
                // not to wait for it.
                guard parts == [part], starting.contains(part), !isStopping else { continue }
                status = "Waiting for broker \(settings.workBrokers)"
                Self.tell(logger) { try notify.send(.ready, .status(status)) }
            case .part(let part, .ready, _):
                guard starting.remove(part) != nil, starting.isEmpty, !isStopping else { continue }
                var offered = settings
                offered.models.removeAll { !running.offeredModels.contains($0.name) }
                try announce(offered, running)
                status = Self.serving(refusal)
                Self.tell(logger) { try notify.send(.ready, .status(status)) }
            case .part(_, .refusing(let reason), _):
                refusal = reason
                guard starting.isEmpty, !isStopping else { continue }
                status = Self.serving(reason)
                Self.tell(logger) { try notify.send(.status(status)) }
            case .part(let part, .drained, _):
                if running.isDone(after: part) { return nil }
            case .part(_, .failed(let error as StoreError), _):
                return error
            case .part(_, .failed(let error as CommandError), _):
                return error
            case .part(let part, .failed(let error), _):
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
