/// What one tenant may ask for, beside what holds for all; nil: no limit of its own.
package struct TenantLimits: Sendable, Hashable {
    /// Its share of the workers, beside those of others.
    package var weight = 1
    package var priorityMaximum: Int?
    /// Of unfinished jobs; in place of `DispatchSettings.tenantQueuedJobs` and `tenantQueuedBytes`.
    package var queuedJobs: Int?
    package var queuedBytes: Int?
    /// Of new jobs and their texts.
    package var jobsPerSecond: Int?
    package var textsPerSecond: Int?
    package var connections: Int?

    package init() {}
}
