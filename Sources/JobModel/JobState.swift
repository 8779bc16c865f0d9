public enum JobState: UInt8, Sendable, Hashable, CaseIterable {
    case queued = 2
    /// Some part of it is with a worker.
    case running = 3
    case done = 4
    /// No attempts were left, or the job cannot be translated.
    case dead = 5
    /// Its deadline passed first.
    case expired = 6
    case cancelled = 7

    public var isTerminal: Bool { rawValue >= JobState.done.rawValue }
}
