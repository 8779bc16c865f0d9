import Clocks
import JobModel
import SettingValues

/// Workers that cannot load a model: a fault of theirs, not of the chunks.
extension Dispatcher {
    /// The chunk goes back at no charge, to other workers or until this one can load its model.
    ///
    /// A worker says HELLO without the model when it finds this out. One of an older release goes on offering it, so it
    /// is given none for a while.
    mutating func modelIsUnavailable(_ fail: Fail, of chunk: ChunkRef, from worker: WorkerRef, _ receipt: Receipt) {
        returnUntouched(chunk, fail.failure, receipt: receipt)
        let model = jobs[chunk.job].model
        guard roster[worker].models.contains(model) else { return }
        let pause = roster[worker].pauses[model]
        if let pause, now.monotonic < pause.until { return }
        self.pause(model, of: worker)
        guard pause == nil, roster[worker].incarnation == nil else { return }
        noteUnavailable(
            UnavailableModel(name: catalogue.names[model], reason: fail.failure.message), of: roster[worker].instance)
    }

    /// A worker that was paused gets one chunk, and no more until it has translated that.
    mutating func pauseAgain(_ model: Int, of worker: WorkerRef) {
        if roster[worker].pauses[model] != nil { pause(model, of: worker) }
    }

    /// A worker has translated something of the model.
    mutating func modelIsAvailable(_ model: Int, of worker: WorkerRef) {
        guard roster[worker].pauses.removeValue(forKey: model) != nil else { return }
        noteAvailable(catalogue.names[model], of: roster[worker].instance)
    }

    private mutating func pause(_ model: Int, of worker: WorkerRef) {
        var pause = roster[worker].pauses[model] ?? ModelPause()
        pause.failures += 1
        var backoff = Backoff(
            base: .milliseconds(settings.broker.backoffBaseMs), maximum: .milliseconds(settings.broker.backoffMaxMs),
            seed: random.next())
        pause.until = now.monotonic.saturatingAdd(backoff.wait(after: pause.failures).nanoseconds)
        roster[worker].pauses[model] = pause
    }

    /// Logs what has changed since the worker's last HELLO.
    mutating func noteModels(of hello: Hello, before: [UnavailableModel]) {
        for model in hello.unavailableModels where !before.contains(model) {
            noteUnavailable(model, of: hello.instance)
        }
        for model in before where hello.models.contains(where: { $0.name == model.name }) {
            noteAvailable(model.name, of: hello.instance)
        }
    }

    private mutating func noteUnavailable(_ model: UnavailableModel, of instance: String) {
        outbox.note(
            .warning, "worker cannot load a model, and is given none of its chunks",
            ["instance": instance, "model": model.name, "problem": model.reason])
    }

    private mutating func noteAvailable(_ model: String, of instance: String) {
        outbox.note(.notice, "worker can load a model again", ["instance": instance, "model": model])
    }
}
