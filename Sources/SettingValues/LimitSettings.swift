/// What is refused.
package struct LimitSettings: Sendable, Hashable {
    package var queuedJobsMax = 1_000_000
    package var queuedBytesMax = 4 << 30
    package var tenantQueuedJobsMax = 0
    package var tenantQueuedBytesMax = 0
    package var inflightBytesMax = 64 << 20
    package var connectionsMax = 1024
    package var addressConnectionsMax = 512
    package var messageArrivalMsMax = 30_000
    package var resultBytesMax = 48 << 20
    package var textsPerJobMax = 10_000
    package var jobsPerSubmitMax = 1000
    package var tenantGlossariesMax = 1000
    package var tenantGlossaryBytesMax = 16 << 20
    package var retryAfterMs = 1000
    package var ageingMs = 60_000
    package var offerRetentionMs = 168 * 3_600_000

    package init() {}
}
