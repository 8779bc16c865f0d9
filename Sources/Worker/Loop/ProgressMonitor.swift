package import DragomanEngine

/// Tells an engine that computes, or has nothing to compute, from one that is stuck.
package struct ProgressMonitor: Sendable {
    /// One thread of the engine, as it was seen last.
    private struct Sighting: Sendable {
        var steps: UInt64
        /// When it was last idle, or had done another step.
        var movedAt: UInt64
    }

    /// In nanoseconds, of a thread that has work.
    package var patience: UInt64
    private var sightings: [String: [Sighting]] = [:]

    package init(patience: UInt64) { self.patience = patience }

    /// - Parameter threads: Of each model that is loaded, its threads.
    /// - Returns: Whether every thread that has work has done a step of it in time.
    package mutating func observe(
        _ threads: [String: [ReplicaProgress]], at now: UInt64
    ) -> Bool {
        var seen: [String: [Sighting]] = [:]
        for (model, states) in threads {
            let before = sightings[model] ?? []
            seen[model] = states.enumerated().map { index, state in
                guard state.isBusy, index < before.count, before[index].steps == state.steps else {
                    return Sighting(steps: state.steps, movedAt: now)
                }
                return before[index]
            }
        }
        sightings = seen
        return seen.values.allSatisfy { $0.allSatisfy { now - $0.movedAt < patience } }
    }
}
