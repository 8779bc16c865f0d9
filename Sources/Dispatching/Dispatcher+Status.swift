import JobModel
import Measures

extension Dispatcher {
    /// The broker at a glance. An operator sees all tenants' numbers, or those of one; a tenant sees its own. Which models
    /// there are, and how many workers, is the same for all; only operators see who the workers are.
    mutating func status(of coverage: Coverage, for identity: Identity) -> StatusReport {
        let tenant: Int?
        switch coverage {
        case .all: tenant = nil
        case .tenant(let name): tenant = tenants.index(of: name)
        }
        var report = StatusReport()
        report.version = version
        report.epoch = epoch
        report.logID = logID
        report.uptimeMilliseconds = now.milliseconds(since: startedAt)
        report.isDraining = admission.isDraining
        report.refusal = admission.refusal ?? ""
        report.isOfAllTenants = tenant == nil
        report.tenant = tenant.map { tenants.names[$0] } ?? identity.tenant
        report.lastSequence = tenants.find(report.tenant).map { tenants.lastSequences[$0] } ?? 0
        let usage = tenant.map(admission.usage) ?? admission.total
        let chunks = jobs.chunks(of: tenant)
        let counters = tenant.map(statistics.counters) ?? statistics.all
        report.queuedJobs = usage.jobs
        report.queuedBytes = usage.bytes
        report.queuedChunks = chunks.queued
        report.leasedChunks = chunks.leased
        report.deadJobs = statistics.deadJobs(of: tenant)
        report.accepted = counters.accepted
        report.rejected = counters.rejected
        report.done = counters.done
        report.failed = counters.failed
        report.expired = counters.expired
        report.cancelled = counters.cancelled
        report.leasesLost = counters.leasesLost
        report.oldestQueuedMilliseconds =
            jobs.oldestWaiting(of: tenant).map { now.nanoseconds(since: $0) / 1_000_000 } ?? 0
        let latencies = statistics.latencies(of: tenant)
        report.jobWait = StatusReport.Latency(latencies.wait.values(at: now.monotonic))
        report.jobDuration = StatusReport.Latency(latencies.duration.values(at: now.monotonic))
        report.sourceTokens = counters.sourceTokens
        report.sentences = counters.sentences
        report.workerCount = roster.count
        if identity.isOperator { report.workers = roster.all.map { status(of: roster[$0]) } }
        report.models = models(of: tenant)
        report.consumers = consumers(in: coverage)
        return report
    }

    private func status(of worker: Worker) -> StatusReport.WorkerStatus {
        var status = StatusReport.WorkerStatus()
        status.instance = worker.instance
        status.silentMilliseconds = now.milliseconds(since: worker.heardAt)
        status.leasedChunks = worker.leases.count
        status.leasedTokens = Int(clamping: worker.leasedCost)
        status.windowTokens = Int(clamping: worker.window)
        status.models = worker.models.map { catalogue.names[$0] }
        status.loadedModels = worker.loadedModels.map { catalogue.names[$0] }
        status.unavailableModels =
            worker.unavailableModels
            + worker.pauses.keys.sorted().map {
                UnavailableModel(name: catalogue.names[$0], reason: "it could not load it when it was given a chunk")
            }
        status.isDraining = worker.isLeaving || admission.isDraining
        status.isUnreachable = worker.isUnreachable
        status.done = worker.done
        status.failed = worker.failed
        status.sourceTokensPerSecond =
            worker.meter.rates(at: now.monotonic, since: startedAt, isIdle: worker.leases.isEmpty).tokens
        return status
    }

    /// - Parameter tenant: nil: all tenants.
    func models(of tenant: Int?) -> [StatusReport.ModelStatus] {
        catalogue.entries.map { status(of: $0, tenant: tenant) }
    }

    func status(of entry: Catalogue.Entry, tenant: Int?) -> StatusReport.ModelStatus {
        var status = StatusReport.ModelStatus()
        status.name = entry.offer.name
        status.sourceLanguage = entry.offer.sourceLanguage
        status.targetLanguage = entry.offer.targetLanguage
        status.languages = entry.offer.languages
        status.workers = roster.all.map { roster[$0] }.count { worker in
            worker.offered.contains(entry.model) && worker.models(at: now.monotonic).contains(entry.model)
        }
        let isInUse = roster.offering[count: entry.model] > 0 || jobs.countOfModel[count: entry.model] > 0
        status.absentMilliseconds = isInUse ? 0 : entry.seen.absence(at: age)
        let chunks = jobs.chunks(ofModel: entry.model, tenant: tenant)
        status.queuedChunks = chunks.queued
        status.leasedChunks = chunks.leased
        let work = statistics.work(withModel: entry.model, tenant: tenant)
        let rates = work.meter.rates(at: now.monotonic, since: startedAt, isIdle: chunks.leased == 0)
        status.done = work.done
        status.sourceTokensPerSecond = rates.tokens
        status.sentencesPerSecond = rates.sentences
        return status
    }

    func status(of consumer: Consumer) -> StatusReport.ConsumerStatus {
        var status = StatusReport.ConsumerStatus()
        status.name = consumer.name
        status.tenant = tenants.names[consumer.tenant]
        status.acknowledged = consumer.acknowledged
        status.lastSequence = tenants.lastSequences[consumer.tenant]
        status.isAttached = consumer.attachment != nil
        status.absentMilliseconds = status.isAttached ? 0 : consumer.seen.absence(at: age)
        status.isAbandoned = isAbandoned(consumer)
        return status
    }
}

extension StatusReport.Latency {
    /// - Parameter histogram: In microseconds. What is not whole milliseconds is rounded up.
    fileprivate init(_ histogram: Histogram) {
        func milliseconds(_ percent: UInt64) -> UInt64 { ((histogram.percentile(percent) ?? 0) + 999) / 1_000 }
        self.init()
        count = histogram.count
        p50Milliseconds = milliseconds(50)
        p90Milliseconds = milliseconds(90)
        p99Milliseconds = milliseconds(99)
    }
}
