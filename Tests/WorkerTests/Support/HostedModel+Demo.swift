import DragomanEngine
import Foundation
import JobModel
import SettingValues
import Synchronization
import TestKit
import Testing
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

    /// The demo model, packed, with a SentencePiece model that nobody can read.
    static func unreadable(in folder: TemporaryFolder) throws -> HostedModel {
        let directory = folder.file("unreadable")
        try PackedFolder.write(Translator.demoModel, to: directory, precision: .int8)
        let file = directory.appending(path: "packed.safetensors")
        var bytes = try Data(contentsOf: file)
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: [String: Any]]
        let range = try #require(header?["source.pieces.model"]?["data_offsets"] as? [Int])
        for offset in range[0]..<range[0] + 64 { bytes[8 + length + offset] = 0xFF }
        try bytes.write(to: file)
        return HostedModel(name: "unreadable", directory: directory)
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
        var settings = WorkerSettings()
        (settings.modelsLoadedMax, settings.modelIdleUnloadMs) = (loadedMaximum, Int(idleMilliseconds))
        host = ModelHost(
            models, engine: Translator.Settings(), settings: settings, seed: 1,
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

extension ModelNote {
    /// Without the reason.
    var kind: String {
        switch self {
        case .preloading(let model): "preloading \(model)"
        case .loaded(let model): "loaded \(model)"
        case .unloaded(let model): "unloaded \(model)"
        case .failed(let model, _): "failed \(model)"
        case .recovered(let model): "recovered \(model)"
        }
    }
}
