package import Measures

/// What a worker counts, at one moment.
package struct WorkerMeasures: Sendable {
    package struct Model: Sendable, Hashable {
        package var name: String
        package var isLoaded = false
        package var isUnavailable = false
        /// When it was loaded last; nil: never.
        package var loadNanoseconds: UInt64?
    }

    package var status: WorkerStatus
    /// In the order of the configuration.
    package var models: [Model]
    /// Rows of all steps of the decoder since the worker's start.
    package var batchRows: Histogram
    /// What all models remembered since the worker's start.
    package var cache: CacheCounts
}

extension WorkerMeasures {
    /// Why the worker gets no work; nil: it may.
    package var unreadiness: String? {
        if status.isDraining { return "the worker is about to stop" }
        if models.allSatisfy(\.isUnavailable) { return "none of the worker's models can be loaded" }
        return status.welcomed > 0 ? nil : "no broker has welcomed the worker"
    }
}
