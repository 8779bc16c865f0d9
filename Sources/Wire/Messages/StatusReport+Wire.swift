import CWire
import JobModel

extension StatusReport: WireMessage {
    init(_ message: Wire__StatusReport) throws(Flaw) {
        self.init()
        epoch = message.epoch
        uptimeMilliseconds = message.uptime_ms
        isDraining = message.draining != 0
        queuedJobs = Int(clamping: message.queued_jobs)
        queuedChunks = Int(clamping: message.queued_chunks)
        leasedChunks = Int(clamping: message.leased_chunks)
        queuedBytes = Int(clamping: message.queued_bytes)
        deadJobs = Int(clamping: message.dead_jobs)
        accepted = message.accepted_total
        rejected = message.rejected_total
        done = message.done_total
        failed = message.failed_total
        sourceTokens = message.source_tokens_total
        sentences = message.sentences_total
        workers = try messages("workers", message.workers, message.n_workers, WorkerStatus.init(_:))
        models = try messages("models", message.models, message.n_models, ModelStatus.init(_:))
        consumers = try messages("consumers", message.consumers, message.n_consumers, ConsumerStatus.init(_:))
        lastSequence = message.last_sequence
        version = try message.version.text("version")
        refusal = try message.refusal.text("refusal")
        logID = try message.log_id.optionalLogID("log_id")
        tenant = try message.tenant.text("tenant", atMost: Limit.tenant)
        isOfAllTenants = message.all_tenants != 0
        workerCount = Int(clamping: message.worker_count)
        oldestQueuedMilliseconds = message.oldest_queued_ms
        expired = message.expired_total
        cancelled = message.cancelled_total
        leasesLost = message.leases_lost_total
        jobWait = try optionalMessage("job_wait", message.job_wait, message.n_job_wait, Latency.init(_:))
        jobDuration = try optionalMessage(
            "job_duration", message.job_duration, message.n_job_duration, Latency.init(_:))
    }

    func write(to writer: inout MessageWriter) {
        writer.number(1, epoch)
        writer.number(2, uptimeMilliseconds)
        writer.flag(3, isDraining)
        writer.number(4, queuedJobs)
        writer.number(5, queuedChunks)
        writer.number(6, leasedChunks)
        writer.number(7, queuedBytes)
        writer.number(8, deadJobs)
        writer.number(9, accepted)
        writer.number(10, rejected)
        writer.number(11, done)
        writer.number(12, failed)
        writer.number(13, sourceTokens)
        writer.number(14, sentences)
        writer.messages(15, workers)
        writer.messages(16, models)
        writer.messages(17, consumers)
        writer.number(18, lastSequence)
        writer.text(19, version)
        writer.text(20, tenant)
        writer.flag(21, isOfAllTenants)
        writer.number(22, workerCount)
        writer.text(25, refusal)
        writer.data(30, logID?.bytes ?? [])
        writer.number(31, oldestQueuedMilliseconds)
        writer.number(32, expired)
        writer.number(33, cancelled)
        writer.number(34, leasesLost)
        if let jobWait { writer.message(35, jobWait) }
        if let jobDuration { writer.message(36, jobDuration) }
    }
}

extension StatusReport.Latency: WireMessage {
    fileprivate init(_ message: Wire__Latency) {
        self.init()
        count = message.count
        p50Milliseconds = message.p50_ms
        p90Milliseconds = message.p90_ms
        p99Milliseconds = message.p99_ms
    }

    func write(to writer: inout MessageWriter) {
        writer.number(1, count)
        writer.number(2, p50Milliseconds)
        writer.number(3, p90Milliseconds)
        writer.number(4, p99Milliseconds)
    }
}

extension StatusReport.WorkerStatus: WireMessage {
    fileprivate init(_ message: Wire__WorkerStatus) throws(Flaw) {
        self.init()
        instance = try message.instance.text("instance", atMost: Limit.name)
        silentMilliseconds = message.silent_ms
        leasedChunks = Int(clamping: message.leased_chunks)
        leasedTokens = Int(clamping: message.leased_tokens)
        windowTokens = Int(clamping: message.window_tokens)
        models = try texts("models", message.models, message.n_models, atMost: Limit.name)
        isDraining = message.draining != 0
        done = message.done_total
        failed = message.failed_total
        sourceTokensPerSecond = message.source_tokens_per_second
        loadedModels = try texts(
            "loaded_models", message.loaded_models, message.n_loaded_models, atMost: Limit.name)
        unavailableModels = try messages(
            "unavailable_models", message.unavailable_models, message.n_unavailable_models, UnavailableModel.init(_:))
        isUnreachable = message.unreachable != 0
    }

    func write(to writer: inout MessageWriter) {
        writer.text(1, instance)
        writer.number(2, silentMilliseconds)
        writer.number(3, leasedChunks)
        writer.number(4, leasedTokens)
        writer.number(5, windowTokens)
        writer.texts(6, models)
        writer.flag(7, isDraining)
        writer.number(8, done)
        writer.number(9, failed)
        writer.double(10, sourceTokensPerSecond)
        writer.texts(11, loadedModels)
        writer.flag(12, isUnreachable)
        writer.messages(16, unavailableModels)
    }
}

extension StatusReport.ModelStatus: WireMessage {
    init(_ message: Wire__ModelStatus) throws(Flaw) {
        self.init()
        name = try message.name.text("name", atMost: Limit.name)
        sourceLanguage = try message.source_language.text("source_language", atMost: Limit.language)
        targetLanguage = try message.target_language.text("target_language", atMost: Limit.language)
        workers = Int(clamping: message.workers)
        queuedChunks = Int(clamping: message.queued_chunks)
        leasedChunks = Int(clamping: message.leased_chunks)
        done = message.done_total
        sourceTokensPerSecond = message.source_tokens_per_second
        sentencesPerSecond = message.sentences_per_second
        absentMilliseconds = message.absent_ms
        languages = try LanguageSet.list("languages", message.languages, message.n_languages)
    }

    func write(to writer: inout MessageWriter) {
        writer.text(1, name)
        writer.text(2, sourceLanguage)
        writer.text(3, targetLanguage)
        writer.number(4, workers)
        writer.number(5, queuedChunks)
        writer.number(6, leasedChunks)
        writer.number(7, done)
        writer.double(8, sourceTokensPerSecond)
        writer.double(9, sentencesPerSecond)
        writer.number(10, absentMilliseconds)
        writer.messages(11, languages)
    }
}

extension StatusReport.ConsumerStatus: WireMessage {
    init(_ message: Wire__ConsumerStatus) throws(Flaw) {
        self.init()
        name = try message.name.text("name", atMost: Limit.name)
        acknowledged = message.acknowledged
        isAttached = message.attached != 0
        tenant = try message.tenant.text("tenant", atMost: Limit.tenant)
        lastSequence = message.last_sequence
        absentMilliseconds = message.absent_ms
        isAbandoned = message.abandoned != 0
    }

    func write(to writer: inout MessageWriter) {
        writer.text(1, name)
        writer.number(2, acknowledged)
        writer.flag(3, isAttached)
        writer.text(4, tenant)
        writer.number(5, lastSequence)
        writer.number(6, absentMilliseconds)
        writer.flag(7, isAbandoned)
    }
}
