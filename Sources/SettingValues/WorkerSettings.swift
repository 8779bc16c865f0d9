/// A worker's connection, its engine, and the models it holds.
package struct WorkerSettings: Sendable, Hashable {
    /// One broker's addresses. Empty: the broker's own, or `workEndpoints`. See `Settings.workEndpoints`.
    package var workEndpoint: [String] = []
    /// Several brokers'.
    package var workEndpoints: [String] = []
    /// nil: the host's name and the process's number.
    package var instance: String?
    package var threads = 0
    package var batchTokens = 1024
    package var windowTokens = 0
    package var cacheBytes = 64 << 20
    package var modelsLoadedMax = 0
    package var modelIdleUnloadMs = 600_000
    package var progressTimeoutMs = 20_000
    package var drainMs = 30_000
    /// nil: its numbers are not shown.
    package var metricsAddress: String?

    package init() {}
}
