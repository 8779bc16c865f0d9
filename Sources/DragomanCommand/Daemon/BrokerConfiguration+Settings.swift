package import Broker
import Dispatching
package import Settings
import ZeroMQ

extension BrokerConfiguration {
    /// - Throws: `CommandError` when the files of keys cannot be used.
    package init(_ settings: Settings, isEmbedded: Bool) throws(CommandError) {
        let broker = settings.broker
        self.init(
            endpoints: Endpoints(
                jobs: broker.jobsEndpoint, work: broker.workEndpoint, results: broker.resultsEndpoint,
                feed: broker.feedEndpoint))
        dispatch = DispatchSettings(settings)
        clientFrameBytes = broker.clientFrameBytesMax
        workerFrameBytes = broker.workerFrameBytesMax
        offences = broker.offencesMax
        banMilliseconds = UInt64(broker.banMs)
        groupCommitJobs = settings.store.groupCommitJobsMax
        diskFreeBytes = UInt64(settings.store.diskFreeBytesMin)
        gate.connectionsMaximum = settings.limits.connectionsMax
        gate.connectionsPerAddressMaximum = settings.limits.addressConnectionsMax
        gate.bytesMaximum = settings.limits.inflightBytesMax
        gate.messageTimeout = .milliseconds(settings.limits.messageArrivalMsMax)
        let files = AccessFiles(settings: settings.access)
        dispatch.tenantLimits = try files.tenantLimits()
        access = try files.server().map {
            Access(keys: $0.keys, allowing: $0.allowing)
        }
        self.isEmbedded = isEmbedded
        version = Dragoman.version
    }
}

extension DispatchSettings {
    init(_ settings: Settings) {
        self.init()
        let (broker, limits) = (settings.broker, settings.limits)
        notesJobs = settings.log.level == .debug || settings.log.level == .trace
        heartbeat = UInt64(broker.heartbeatMs)
        workerSilence = UInt64(broker.workerDeadAfterMs)
        lease = UInt64(broker.leaseMs)
        resumeGrace = UInt64(broker.resumeGraceMs)
        drain = UInt64(broker.drainMs)
        attempts = UInt32(broker.attemptsMax)
        backoffBase = UInt64(broker.backoffBaseMs)
        backoffMaximum = UInt64(broker.backoffMaxMs)
        defaultModel = broker.defaultModel
        chunkTokens = UInt32(broker.chunkTokensMax)
        ageing = UInt64(limits.ageingMs)
        queuedJobs = limits.queuedJobsMax
        queuedBytes = limits.queuedBytesMax
        tenantQueuedJobs = limits.tenantQueuedJobsMax
        tenantQueuedBytes = limits.tenantQueuedBytesMax
        uncommittedBytes = limits.inflightBytesMax
        resultBytes = limits.resultBytesMax
        sourcesPerJob = limits.textsPerJobMax
        jobsPerSubmit = limits.jobsPerSubmitMax
        retryAfter = UInt32(limits.retryAfterMs)
        retention = UInt64(settings.store.retentionDays) * 86_400_000
        acknowledgedRetention = UInt64(settings.store.acknowledgedRetentionHours) * 3_600_000
        consumerAbandonment = UInt64(settings.store.consumerAbandonedDays) * 86_400_000
        offerRetention = UInt64(limits.offerRetentionHours) * 3_600_000
    }
}
