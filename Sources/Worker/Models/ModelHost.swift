import Clocks
package import DragomanEngine
import Foundation
package import JobModel
package import Measures
package import SettingValues
import Synchronization

/// The models of a worker: each is loaded when it is first asked for, shared by all who use it, and unloaded when nobody
/// has for long, or when others need its room. One that cannot be loaded is not offered, and tried again after waits that
/// grow, until it can.
package final class ModelHost: Sendable {
    private struct Slot {
        var model: HostedModel
        /// nil: not known yet, because its files could not be read.
        var offer: ModelOffer?
        var languages: HostedLanguages?
        var trouble: Trouble?
        var translator: Translator?
        var load: Task<Translator, any Error>?
        var users = 0
        /// On the host's clock, in nanoseconds: when it was last taken or given back.
        var usedAt: UInt64 = 0
        /// How long the last load took.
        var loadNanoseconds: UInt64?

        var isHeld: Bool { translator != nil || load != nil }
    }

    /// Why a model cannot be loaded, and when that is tried again.
    private struct Trouble {
        var reason: String
        var failures: Int
        /// On the host's clock, in nanoseconds.
        var retryAt: UInt64
    }

    private struct Loaded {
        var languages: HostedLanguages
        var translator: Translator
    }

    private enum Holding {
        case loaded(Translator)
        case loading(Task<Translator, any Error>)
        case unavailable(reason: String)
    }

    private struct State {
        var slots: [String: Slot]
        var settings: WorkerSettings
        var backoff: Backoff
        /// Of translators that have been unloaded.
        var batchRows = Histogram(.powersOfTwo)
        var cacheCounts = CacheCounts()
    }

    /// In the order of the configuration.
    private let names: [String]
    private let state: Mutex<State>
    private let engine: Translator.Settings
    private let now: @Sendable () -> UInt64
    private let note: @Sendable (ModelNote) -> Void
    /// Loads are long, wait for the disk and take memory: one at a time, and not on the threads of tasks.
    private let loads = DispatchQueue(label: "dragoman.models")

    /// Between attempts to load a model that has failed: at first, and at the most.
    package static let retryPause = Duration.seconds(1)
    package static let retryPauseMaximum = Duration.seconds(300)

    /// Reads what each model is, as `dragoman check` does.
    ///
    /// - Parameters:
    ///   - engine: Of each model, but for its precision.
    ///   - seed: Of the jitter of waits.
    ///   - now: A monotonic clock, in nanoseconds.
    ///   - note: Called for the log, on any thread.
    package init(
        _ models: [HostedModel], engine: Translator.Settings, settings: WorkerSettings, seed: UInt64,
        now: @escaping @Sendable () -> UInt64, note: @escaping @Sendable (ModelNote) -> Void
    ) {
        var seen: Set<String> = []
        names = models.map(\.name).filter { seen.insert($0).inserted }
        let backoff = Backoff(base: Self.retryPause, maximum: Self.retryPauseMaximum, seed: seed)
        let slots = models.map { ($0.name, Slot(model: $0)) }
        state = Mutex(
            State(slots: Dictionary(slots) { first, _ in first }, settings: settings, backoff: backoff))
        self.engine = engine
        self.now = now
        self.note = note
        for model in models {
            do {
                let languages = HostedLanguages(model, try Self.description(of: model).languages)
                state.withLock {
                    $0.slots[model.name]?.languages = languages
                    $0.slots[model.name]?.offer = languages.offer(model.name)
                }
            } catch {
                failed(model.name, String(describing: error))
            }
        }
    }

    /// Those that can be loaded, as far as is known.
    package var offers: [ModelOffer] {
        state.withLock { state in
            names.compactMap { name in
                state.slots[name].flatMap { $0.trouble == nil ? $0.offer : nil }
            }
        }
    }

    /// Those that cannot be loaded.
    package var unavailable: [ModelUnavailable] {
        state.withLock { state in
            names.compactMap { name in
                state.slots[name]?.trouble.map { ModelUnavailable(model: name, reason: $0.reason) }
            }
        }
    }

    /// - Throws: `NoModelAvailable` when all there is to do is to wait for someone to mend the models' files.
    package func requireOffer() throws(NoModelAvailable) {
        if offers.isEmpty { throw NoModelAvailable(models: unavailable) }
    }

    /// The names of the models in memory, in alphabetical order.
    package var loaded: [String] {
        state.withLock { $0.slots.filter { $0.value.translator != nil }.keys.sorted() }
    }

    /// In the order of the configuration.
    var measures: [WorkerMeasures.Model] {
        state.withLock { state in
            names.map { name in
                let slot = state.slots[name]
                return WorkerMeasures.Model(
                    name: name, isLoaded: slot?.translator != nil, isUnavailable: slot?.trouble != nil,
                    loadNanoseconds: slot?.loadNanoseconds)
            }
        }
    }

    /// Rows of all steps of the decoder, of models that are not in memory any more too.
    package var batchRows: Histogram {
        state.withLock { state in
            state.slots.values.compactMap { $0.translator?.batchRows }.reduce(into: state.batchRows) { $0.add($1) }
        }
    }

    /// What was remembered, by models that are not in memory any more too; bytes are those that are taken now.
    package var cacheCounts: CacheCounts {
        let (translators, gone) = state.withLock { ($0.slots.values.compactMap(\.translator), $0.cacheCounts) }
        return translators.reduce(into: gone) { $0.add($1.cacheCounts) }
    }

    /// Of each model in memory, how far its threads are.
    package var progress: [String: [ReplicaProgress]] {
        state.withLock { $0.slots.compactMapValues { $0.translator?.progress } }
    }

    /// Loads the models that are to be there from the start, as far as they can be loaded.
    package func preload() async {
        let names = state.withLock { state in
            state.slots.filter { $0.value.model.isPreloaded && $0.value.trouble == nil }.keys.sorted()
        }
        for name in names {
            note(.preloading(name))
            if (try? await take(name)) != nil { giveBack(name) }
        }
    }

    /// Tries to load what could not be loaded before, where its time has come.
    package func retryUnavailable() {
        let time = now()
        state.withLock { state in
            for name in names {
                guard let slot = state.slots[name], let trouble = slot.trouble, trouble.retryAt <= time, !slot.isHeld
                else { continue }
                state.slots[name]?.load = startLoading(slot.model)
            }
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

    /// What is asked of the model, of the languages that a job names.
    ///
    /// - Throws: `TranslationError` when the configuration has the model for other languages only.
    func languages(_ job: LanguageSelection, of name: String) throws(TranslationError) -> LanguageSelection {
        let languages = state.withLock { $0.slots[name]?.languages }
        return try languages?.request(job) ?? job
    }

    /// Unloads what has not been used for long.
    package func unloadIdle() {
        let time = now()
        unload { state in
            let patience = UInt64(state.settings.modelIdleUnloadMs) * 1_000_000
            guard patience > 0 else { return [] }
            return state.slots.filter { Self.isIdle($0.value) && time >= $0.value.usedAt + patience }.keys.sorted()
        }
    }

    package func reconfigure(_ settings: WorkerSettings) {
        state.withLock { $0.settings = settings }
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
            if let trouble = slot.trouble, slot.load == nil { return .unavailable(reason: trouble.reason) }
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
        case .unavailable(let reason):
            giveBack(name)
            throw ModelUnavailable(model: name, reason: reason)
        case nil:
            let known = names.sorted().joined(separator: ", ")
            throw ModelUnavailable(model: name, reason: "this worker has no such model; it has \(known)")
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
        settings.usesShortlist = model.usesShortlist
        return Task { [loads, settings, now] in
            let began = now()
            let result = await withCheckedContinuation { continuation in
                loads.async {
                    continuation.resume(
                        returning: Result {
                            let folder = model.folder
                            let description = try Self.description(of: model)
                            let translator = try Translator(
                                model: folder, settings: Self.settings(settings, for: model, description))
                            // A model that cannot read texts is none: another worker may have it whole.
                            try translator.loadTokenizer()
                            return Loaded(
                                languages: HostedLanguages(model, description.languages), translator: translator)
                        })
                }
            }
            switch result {
            case .success(let loaded): finishLoading(model.name, loaded, nanoseconds: now() - began)
            case .failure(let error): failed(model.name, String(describing: error))
            }
            return try result.get().translator
        }
    }

    private func finishLoading(_ name: String, _ loaded: Loaded, nanoseconds: UInt64) {
        let hadFailed = state.withLock { state in
            state.slots[name]?.load = nil
            state.slots[name]?.loadNanoseconds = nanoseconds
            state.slots[name]?.languages = loaded.languages
            state.slots[name]?.offer = loaded.languages.offer(name)
            state.slots[name]?.translator = loaded.translator
            state.slots[name]?.usedAt = now()
            return state.slots[name]?.trouble.take() != nil
        }
        note(hadFailed ? .recovered(name) : .loaded(name))
        // Nobody may have asked for it.
        if hadFailed { unloadSurplus() }
    }

    private func failed(_ name: String, _ reason: String) {
        let isNews = state.withLock { state in
            let before = state.slots[name]?.trouble
            var trouble = Trouble(reason: reason, failures: (before?.failures ?? 0) + 1, retryAt: 0)
            trouble.retryAt = now() + state.backoff.wait(after: trouble.failures).nanoseconds
            state.slots[name]?.load = nil
            state.slots[name]?.trouble = trouble
            return before?.reason != reason
        }
        if isNews { note(.failed(name, reason: reason)) }
    }

    /// Makes room: of those that nobody uses, the one that was used longest ago goes first.
    private func unloadSurplus() {
        unload { state in
            guard state.settings.modelsLoadedMax > 0 else { return [] }
            let surplus = state.slots.values.count(where: \.isHeld) - state.settings.modelsLoadedMax
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
                state.batchRows.add(translator.batchRows)
                state.cacheCounts.add(translator.cacheCounts.withoutBytes)
                return (name, translator)
            }
        }
        // The translators themselves end here, outside the lock: they free much.
        for (name, _) in unloaded { note(.unloaded(name)) }
    }

    private static func isIdle(_ slot: Slot) -> Bool { slot.translator != nil && slot.users == 0 }

    /// A model of several languages translates between those that its settings name.
    private static func settings(
        _ settings: Translator.Settings, for model: HostedModel, _ description: ModelDescription
    ) -> Translator.Settings {
        var settings = settings
        // The only language of a side needs no name.
        if description.languages.source.count != 1 { settings.sourceLanguage = model.sourceLanguage }
        if description.languages.target.count != 1 { settings.targetLanguage = model.targetLanguage }
        return settings
    }

    private static func description(of model: HostedModel) throws -> ModelDescription {
        try ModelDescription(model: model.folder, usesShortlist: model.usesShortlist)
    }
}
