package import DragomanEngine
import Foundation
package import JobModel
import Synchronization

/// The models of a worker: each is loaded when it is first asked for, shared by all who use it, and unloaded when nobody
/// has for long, or when others need its room.
package final class ModelHost: Sendable {
    private struct Slot {
        var model: HostedModel
        var translator: Translator?
        var load: Task<Translator, any Error>?
        var users = 0
        /// On the host's clock, in nanoseconds: when it was last taken or given back.
        var usedAt: UInt64 = 0

        var isHeld: Bool { translator != nil || load != nil }
    }

    private enum Holding {
        case loaded(Translator)
        case loading(Task<Translator, any Error>)
    }

    private struct State {
        var slots: [String: Slot]
        var limits: ModelLimits
    }

    package let offers: [ModelOffer]
    private let state: Mutex<State>
    private let engine: Translator.Settings
    private let now: @Sendable () -> UInt64
    private let note: @Sendable (ModelNote) -> Void
    /// Loads are long, wait for the disk and take memory: one at a time, and not on the threads of tasks.
    private let loads = DispatchQueue(label: "dragoman.models")

    /// Reads what each model is; of those that name both of their languages nothing is read before they are loaded.
    ///
    /// - Parameters:
    ///   - engine: Of each model, but for its precision.
    ///   - now: A monotonic clock, in nanoseconds.
    ///   - note: Called for the log, on any thread.
    /// - Throws: `ModelError` when a model's files are missing or damaged.
    package init(
        _ models: [HostedModel], engine: Translator.Settings, limits: ModelLimits,
        now: @escaping @Sendable () -> UInt64, note: @escaping @Sendable (ModelNote) -> Void
    ) throws {
        offers = try models.map(Self.offer)
        let slots = models.map { ($0.name, Slot(model: $0)) }
        state = Mutex(State(slots: Dictionary(slots) { first, _ in first }, limits: limits))
        self.engine = engine
        self.now = now
        self.note = note
    }

    /// The names of the models in memory, in alphabetical order.
    package var loaded: [String] {
        state.withLock { $0.slots.filter { $0.value.translator != nil }.keys.sorted() }
    }

    /// Of each model in memory, how far its threads are.
    package var progress: [String: [ReplicaProgress]] {
        state.withLock { $0.slots.compactMapValues { $0.translator?.progress } }
    }

    /// Loads the models that are to be there from the start.
    ///
    /// - Throws: `ModelUnavailable`.
    package func preload() async throws(ModelUnavailable) {
        let names = state.withLock { $0.slots.filter { $0.value.model.isPreloaded }.keys.sorted() }
        for name in names {
            note(.preloading(name))
            _ = try await take(name)
            giveBack(name)
        }
    }

    /// Uses a model, which is not unloaded meanwhile.
    ///
    /// - Throws: `ModelUnavailable`, and what `body` throws.
    package func withTranslator<Result>(
        _ name: String, _ body: (Translator) async throws -> Result
    ) async throws -> Result {
        let translator = try await take(name)
        defer { giveBack(name) }
        return try await body(translator)
    }

    /// Unloads what has not been used for long.
    package func unloadIdle() {
        let time = now()
        unload { state in
            let patience = state.limits.idleMilliseconds * 1_000_000
            guard patience > 0 else { return [] }
            return state.slots.filter { Self.isIdle($0.value) && time >= $0.value.usedAt + patience }.keys.sorted()
        }
    }

    package func setLimits(_ limits: ModelLimits) {
        state.withLock { $0.limits = limits }
        unloadIdle()
        unloadSurplus()
    }

    private func take(_ name: String) async throws(ModelUnavailable) -> Translator {
        let holding = state.withLock { state -> Holding? in
            guard var slot = state.slots[name] else { return nil }
            defer { state.slots[name] = slot }
            slot.users += 1
            slot.usedAt = now()
            if let translator = slot.translator { return .loaded(translator) }
            let load = slot.load ?? startLoading(slot.model)
            slot.load = load
            return .loading(load)
        }
        switch holding {
        case .loaded(let translator): return translator
        case .loading(let load):
            unloadSurplus()
            switch await load.result {
            case .success(let translator): return translator
            case .failure(let error):
                giveBack(name)
                throw ModelUnavailable(model: name, reason: String(describing: error))
            }
        case nil:
            let names = offers.map(\.name).sorted().joined(separator: ", ")
            throw ModelUnavailable(model: name, reason: "this worker has no such model; it has \(names)")
        }
    }

    private func giveBack(_ name: String) {
        state.withLock { state in
            state.slots[name]?.users -= 1
            state.slots[name]?.usedAt = now()
        }
        unloadSurplus()
    }

    private func startLoading(_ model: HostedModel) -> Task<Translator, any Error> {
        var settings = engine
        settings.precision = model.precision
        return Task { [loads, settings] in
            let result = await withCheckedContinuation { continuation in
                loads.async {
                    continuation.resume(
                        returning: Result {
                            let translator = try Translator(model: model.directory, settings: settings)
                            // A model that cannot read texts is none: another worker may have it whole.
                            try translator.loadTokenizer()
                            return translator
                        })
                }
            }
            finishLoading(model.name, result)
            return try result.get()
        }
    }

    private func finishLoading(_ name: String, _ result: Result<Translator, any Error>) {
        state.withLock { state in
            state.slots[name]?.load = nil
            state.slots[name]?.translator = try? result.get()
        }
        switch result {
        case .success: note(.loaded(name))
        case .failure(let error): note(.failed(name, reason: String(describing: error)))
        }
    }

    /// Makes room: of those that nobody uses, the one that was used longest ago goes first.
    private func unloadSurplus() {
        unload { state in
            guard state.limits.loadedMaximum > 0 else { return [] }
            let surplus = state.slots.values.count(where: \.isHeld) - state.limits.loadedMaximum
            let idle = state.slots.filter { Self.isIdle($0.value) }
            return idle.sorted { ($0.value.usedAt, $0.key) < ($1.value.usedAt, $1.key) }.prefix(max(surplus, 0)).map(
                \.key)
        }
    }

    private func unload(_ choose: (State) -> [String]) {
        let unloaded = state.withLock { state in
            choose(state).compactMap { name -> (name: String, translator: Translator)? in
                guard let translator = state.slots[name]?.translator else { return nil }
                state.slots[name]?.translator = nil
                return (name, translator)
            }
        }
        // The translators themselves end here, outside the lock: they free much.
        for (name, _) in unloaded { note(.unloaded(name)) }
    }

    private static func isIdle(_ slot: Slot) -> Bool { slot.translator != nil && slot.users == 0 }

    private static func offer(_ model: HostedModel) throws -> ModelOffer {
        if let source = model.sourceLanguage, let target = model.targetLanguage {
            return ModelOffer(name: model.name, sourceLanguage: source, targetLanguage: target)
        }
        let description = try ModelDescription(model: model.directory)
        return ModelOffer(
            name: model.name, sourceLanguage: model.sourceLanguage ?? description.sourceLanguage ?? "",
            targetLanguage: model.targetLanguage ?? description.targetLanguage ?? "")
    }
}
