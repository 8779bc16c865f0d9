import Addresses
import Clocks
import DragomanEngine
import Foundation
import JobModel
import SettingValues
import Synchronization
package import ZeroMQ

/// A worker: models, an engine, and a thread that gets it work from brokers.
package final class Worker: Sendable {
    private let configuration: WorkerConfiguration
    private let brokers: [BrokerAddresses]
    private let host: ModelHost
    private let inbox: Inbox<WorkerLoop.Letter>
    private let context: Context
    private let seed: UInt64
    private let report: @Sendable (WorkerReport) -> Void
    private let latest = Mutex(Latest())

    private struct Latest {
        var status = WorkerStatus()
        /// On the monotonic clock; nil: the thread has not begun, or has ended.
        var turnedAt: UInt64?
    }

    /// Reads what the models are; nothing is loaded or connected yet. Those that cannot be read are not offered.
    ///
    /// - Parameters:
    ///   - seed: Of the jitter of its pauses.
    ///   - report: Called on the worker's own thread, a model's or a chunk's: not to be kept waiting.
    /// - Throws: `NoModelAvailable`, `ZeroMQError`, `BrokerAddresses.Invalid`.
    package init(
        _ configuration: WorkerConfiguration, context: Context, seed: UInt64,
        report: @escaping @Sendable (WorkerReport) -> Void
    ) throws {
        self.configuration = configuration
        brokers = try configuration.endpoints.map(BrokerAddresses.init)
        self.context = context
        self.seed = seed
        self.report = report
        inbox = try Inbox()
        var engine = Translator.Settings()
        engine.threads = configuration.threads
        engine.batchTokens = configuration.settings.batchTokens
        engine.cacheBytes = configuration.settings.cacheBytes
        engine.instructionSet = configuration.instructionSet
        host = ModelHost(
            configuration.models, engine: engine, settings: configuration.settings, seed: seed, now: monotonicNow,
            note: { report(.model($0)) })
        try host.requireOffer()
    }

    /// The names of those models that can be loaded, as far as is known.
    package var offeredModels: [String] { host.offers.map(\.name) }

    /// As the thread saw it last.
    package var status: WorkerStatus {
        let latest = latest.withLock { $0 }
        var status = latest.status
        if let turnedAt = latest.turnedAt { status.silentNanoseconds = monotonicNow() - turnedAt }
        return status
    }

    package var measures: WorkerMeasures {
        WorkerMeasures(status: status, models: host.measures, batchRows: host.batchRows, cache: host.cacheCounts)
    }

    /// Loads what is to be there from the start, and works until it is told to stop.
    ///
    /// When the calling task is cancelled, the worker leaves at once.
    ///
    /// - Throws: `NoModelAvailable` when none of the models can be loaded, `ZeroMQError`.
    package func run() async throws {
        await host.preload()
        try host.requireOffer()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let thread = Thread { [self] in continuation.resume(with: Result { try loop() }) }
                thread.name = "dragoman-worker"
                thread.start()
            }
        } onCancel: {
            inbox.post(.stop)
        }
    }

    /// Hands back what is not begun, finishes the rest within the drain time, and lets `run` return. Said twice: at once.
    package func drain() { inbox.post(.drain) }

    /// Takes over what can change while it runs: model limits, progress timeout, window, drain time.
    package func reload(_ configuration: WorkerConfiguration) { inbox.post(.reload(configuration)) }

    private func loop() throws {
        let loop = try WorkerLoop(
            configuration, brokers: brokers, host: host, inbox: inbox, context: context, seed: seed, report: report)
        defer { latest.withLock { $0.turnedAt = nil } }
        try loop.run { status in latest.withLock { $0 = Latest(status: status, turnedAt: monotonicNow()) } }
    }
}

/// Nanoseconds of a clock that never jumps.
let monotonicNow: @Sendable () -> UInt64 = { SystemClock.monotonic }

let nanosecondsPerMillisecond: UInt64 = 1_000_000
