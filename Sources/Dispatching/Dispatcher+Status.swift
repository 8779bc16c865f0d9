import JobModel

extension Dispatcher {
    /// An operator sees everything; a tenant sees what is its own, and which models there are.
    func status(for identity: Identity) -> StatusReport {
        let tenant = tenants.find(identity.tenant)
        var report = StatusReport()
        report.version = version
        report.epoch = epoch
        report.logID = logID
        report.uptimeMilliseconds = now.milliseconds(since: startedAt)
        report.isDraining = admission.isDraining
        report.refusal = admission.refusal ?? ""
        report.lastSequence = tenant.map { tenants.lastSequences[$0] } ?? 0
        let usage = identity.isOperator ? admission.total : tenant.map(admission.usage) ?? Admission.Usage()
        let chunks = identity.isOperator ? jobs.chunks : tenant.flatMap { jobs.chunksOfTenant[at: $0] } ?? ChunkCounts()
        let counters = identity.isOperator ? statistics.all : tenant.map(statistics.counters) ?? Counters()
        report.queuedJobs = usage.jobs
        report.queuedBytes = usage.bytes
        report.queuedChunks = chunks.queued
        report.leasedChunks = chunks.leased
        report.deadJobs = identity.isOperator ? statistics.deadJobs : 0
        report.accepted = counters.accepted
        report.rejected = counters.rejected
        report.done = counters.done
        report.failed = counters.failed
        report.sourceTokens = counters.sourceTokens
        report.sentences = counters.sentences
        if identity.isOperator { report.workers = roster.all.map { status(of: roster[$0]) } }
        report.models = catalogue.offers.map { status(of: $0, isOperator: identity.isOperator) }
        report.consumers = delivery.all.filter { identity.isOperator || $0.tenant == tenant }.map { consumer in
            var status = StatusReport.ConsumerStatus()
            status.name = consumer.name
            status.acknowledged = consumer.acknowledged
            status.isAttached = consumer.attachment != nil
            return status
        }
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
        status.done = worker.done
        status.failed = worker.failed
        status.sourceTokensPerSecond = worker.meter.rates(at: now.monotonic, since: startedAt).tokens
        return status
    }

    private func status(of offer: ModelOffer, isOperator: Bool) -> StatusReport.ModelStatus {
        var status = StatusReport.ModelStatus()
        status.name = offer.name
        status.sourceLanguage = offer.sourceLanguage
        status.targetLanguage = offer.targetLanguage
        guard let model = catalogue.find(offer.name) else { return status }
        status.workers = roster.all.count { roster[$0].models(at: now.monotonic).contains(model) }
        guard isOperator else { return status }
        let chunks = jobs.chunksOfModel[at: model] ?? ChunkCounts()
        status.queuedChunks = chunks.queued
        status.leasedChunks = chunks.leased
        if let done = statistics.models[at: model] {
            let rates = done.meter.rates(at: now.monotonic, since: startedAt)
            status.done = done.done
            status.sourceTokensPerSecond = rates.tokens
            status.sentencesPerSecond = rates.sentences
        }
        return status
    }
}

extension Array {
    fileprivate subscript(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
