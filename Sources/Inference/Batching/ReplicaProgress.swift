/// How far a replica's thread is, for whoever watches that it is not stuck.
package struct ReplicaProgress: Sendable, Equatable {
    /// How often it has asked for work: before every step.
    package var steps: UInt64
    /// Whether it has segments of its own; if not, it helps others, or sleeps.
    package var isBusy: Bool
    /// What it had computed when a segment last ended.
    package var work = ComputedWork()

    package init(steps: UInt64, isBusy: Bool) {
        self.steps = steps
        self.isBusy = isBusy
    }
}
