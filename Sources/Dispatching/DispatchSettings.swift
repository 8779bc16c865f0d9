package import SettingValues

/// The settings that the dispatcher follows.
package struct DispatchSettings: Sendable, Hashable {
    package var broker = BrokerSettings()
    package var limits = LimitSettings()
    package var store = StoreSettings()
    /// Of tenants that have limits of their own, by name.
    package var tenantLimits: [String: TenantLimits] = [:]
    /// Whether each step of a job's life is noted: at debug, and so often that the notes are not even made otherwise.
    package var notesJobs = false

    package init() {}
}

extension DispatchSettings {
    /// As the protocol has it.
    var retryAfterMilliseconds: UInt32 { UInt32(clamping: limits.retryAfterMs) }

    /// The most unfinished jobs that a tenant may have.
    func queuedJobsMaximum(_ limits: TenantLimits) -> Int {
        limits.queuedJobs ?? (self.limits.tenantQueuedJobsMax > 0 ? self.limits.tenantQueuedJobsMax : .max)
    }

    func queuedBytesMaximum(_ limits: TenantLimits) -> Int {
        limits.queuedBytes ?? (self.limits.tenantQueuedBytesMax > 0 ? self.limits.tenantQueuedBytesMax : .max)
    }
}
