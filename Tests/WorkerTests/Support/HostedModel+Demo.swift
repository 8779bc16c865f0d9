import DragomanEngine
import Foundation
import JobModel
import Synchronization
import TestKit
import Worker

extension HostedModel {
    /// The demo model under another name.
    static func demo(_ name: String = "demo") -> HostedModel {
        HostedModel(name: name, directory: Translator.demoModel)
    }

    /// A folder without files.
    static func broken(in folder: TemporaryFolder) -> HostedModel {
        var model = HostedModel(name: "broken", directory: folder.file("nothing"))
        (model.sourceLanguage, model.targetLanguage) = ("en", "de")
        return model
    }
}

/// A host whose clock the test moves, and what it said.
final class ObservedHost: Sendable {
    let host: ModelHost
    private let log: Log
    private let clock: Clock

    private final class Log: Sendable {
        let notes = Mutex<[ModelNote]>([])
    }

    private final class Clock: Sendable {
        let now = Mutex<UInt64>(0)
    }

    init(_ models: [HostedModel], loadedMaximum: Int = 0, idleMilliseconds: UInt64 = 0) throws {
        let (log, clock) = (Log(), Clock())
        (self.log, self.clock) = (log, clock)
        var limits = ModelLimits()
        (limits.loadedMaximum, limits.idleMilliseconds) = (loadedMaximum, idleMilliseconds)
        host = try ModelHost(
            models, engine: Translator.Settings(), limits: limits,
            now: {
                clock.now.withLock { now in
                    // No two moments are the same.
                    now += 1
                    return now
                }
            }, note: { note in log.notes.withLock { $0.append(note) } })
    }

    var notes: [ModelNote] { log.notes.withLock { $0 } }

    func pass(milliseconds: UInt64) { clock.now.withLock { $0 += milliseconds * millisecond } }

    func use(_ name: String) async throws {
        _ = try await host.withTranslator(name) { try await $0.translate("Thank you.") }
    }
}
