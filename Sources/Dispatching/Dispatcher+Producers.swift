import JobModel
import JobStore
import SettingValues

extension Dispatcher {
    /// The most answers that wait for the disk.
    static let questionsMaximum = 10_000

    mutating func receivedFromProducer(_ body: Envelope.Body, _ address: ReturnAddress) {
        let waiting = cancellations.count + deadLetters.count + submissions.count
        let removals = consumerRemovals.count + modelRemovals.count + glossaryRemovals.count
        guard outbox.readsInFlight + waiting + removals + glossaries.writingCount < Self.questionsMaximum
        else { return refuse(.unavailable, "too many requests wait for the disk; try again later", to: address) }
        switch body {
        case .submit(let jobs): submit(jobs, address)
        case .cancel(let ids, let scope): perform(.cancel, ids, in: scope, address)
        case .jobQuery(let id, let scope): perform(.report, [id], in: scope, address)
        case .statusQuery(let scope):
            guard let coverage = coverage(of: scope, address) else { return }
            outbox.send(.statusReport(status(of: coverage, for: address.peer.identity)), to: address)
        case .deadLetterRequest(let request, let scope): handle(request, in: scope, address)
        case .consumerRequest(let request, let scope): handle(request, in: scope, address)
        case .modelRequest(let request): handle(request, address)
        case .jobListRequest(let request, let scope): handle(request, in: scope, address)
        case .glossaryRequest(let request): handle(request, address)
        default: refuse(.unexpected, "this message does not belong on the jobs socket", to: address)
        }
    }

    private mutating func submit(_ submitted: [Job], _ address: ReturnAddress) {
        guard submitted.count <= settings.limits.jobsPerSubmitMax else {
            return refuse(
                .tooLarge,
                "\(submitted.count) jobs in one message; at most \(settings.limits.jobsPerSubmitMax) are taken",
                to: address)
        }
        guard !submitted.isEmpty else { return outbox.send(.submitReply([]), to: address) }
        let tenant = tenants.index(of: address.peer.identity.tenant)
        let request = submissions.begin(address, count: submitted.count)
        for (index, job) in submitted.enumerated() {
            submit(job, tenant: tenant, part: Part(request: request, index: index))
        }
    }

    private mutating func submit(_ submitted: Job, tenant: Int, part: Part) {
        let limits = limits(of: tenant)
        if let problem = admission.problem(of: submitted, settings: settings, limits: limits) {
            return reject(submitted.id, problem, tenant, part)
        }
        let key = JobKey(tenant: tenants.names[tenant], id: submitted.id)
        // Of what was submitted: sent again, it is the same job, whatever has become of the glossary that it names.
        let digest = submitted.digest.isEmpty ? Digest.of(submitted) : submitted.digest
        if insertions[key] != nil {
            insertions[key]!.waiting.append((part, digest))
            return
        }
        let job: Job
        switch resolved(submitted, tenant: key.tenant, limits: limits) {
        case .failure(let rejection):
            // What has become of the glossary is nothing to a job that was accepted. Only the store can tell whether it was.
            return outbox.write(
                .recognize(key, digest: digest), for: .recognize(key.id, rejection, tenant: tenant, part))
        case .success(let resolved): job = resolved
        }
        // What is in the queue already takes no more of it. Only the store can tell whether it is the same job.
        let isKnown = jobs.find(job.id, tenant: tenant) != nil
        let bytes = isKnown ? 0 : job.byteCount
        if !isKnown,
            let shortage = admission.shortage(bytes: bytes, tenant: tenant, settings: settings, limits: limits)
        {
            return reject(job.id, shortage, tenant, part)
        }
        let model: String
        let offering = roster.offering
        switch catalogue.resolve(
            job.model, standard: settings.broker.defaultModel, retryAfter: settings.retryAfterMilliseconds,
            isOffered: { offering[count: $0] > 0 })
        {
        case .failure(let rejection): return reject(job.id, rejection, tenant, part)
        case .success(let name): model = name
        }
        if !isKnown, let index = catalogue.find(model),
            routes.isFull(for: Routes.Route(model: index, languages: job.model.languages))
        {
            return reject(job.id, Admission.tooManyPairs(retryAfter: settings.retryAfterMilliseconds), tenant, part)
        }
        if !isKnown,
            let wait = rates[tenant, default: TenantRates()].admit(texts: job.sources.count, limits, at: now.monotonic)
        {
            return reject(job.id, Admission.tooSoon(limits, retryAfter: wait), tenant, part)
        }
        admission.begin(bytes: bytes, tenant: tenant)
        insertions[key] = Insertion(digest: digest, byteCount: bytes, tenant: tenant, waiting: [(part, digest)])
        outbox.write(.insert(stored(job, key: key, digest: digest, model: model)), for: .insert(key))
    }

    private func stored(_ job: Job, key: JobKey, digest: [UInt8], model: String) -> StoredJob {
        StoredJob(
            tenant: key.tenant, job: job, digest: digest, model: model,
            maximumAttempts: job.maximumAttempts.map { UInt32($0) } ?? UInt32(settings.broker.attemptsMax),
            chunks: Chunker(tokens: UInt32(settings.broker.chunkTokensMax)).chunks(of: job), acceptedAt: now.wall,
            expiresAt: job.deadlineMilliseconds.map { now.wall.saturatingAdd($0) })
    }

    mutating func reject(_ job: JobID, _ rejection: Rejection, _ tenant: Int, _ part: Part) {
        statistics.count(tenant: tenant) { $0.reject(rejection.code) }
        verdict(Verdict(job: job, .rejected(rejection)), for: part)
    }

    private mutating func verdict(_ verdict: Verdict, for part: Part) {
        guard let (address, verdicts) = submissions.answer(part, verdict) else { return }
        outbox.send(.submitReply(verdicts), to: address)
    }

    mutating func inserted(_ key: JobKey, _ outcome: WriteOutcome) {
        guard let insertion = insertions.removeValue(forKey: key) else { return }
        var isNew = false
        if case .inserted(let job) = outcome {
            isNew = true
            statistics.count(tenant: insertion.tenant) { $0.accepted += 1 }
            admission.settle(bytes: insertion.byteCount, tenant: insertion.tenant, isKept: true)
            // One that was in the queue when it came again, and has ended and been purged since, was not counted.
            admission.add(jobs: 0, bytes: job.byteCount - insertion.byteCount, tenant: insertion.tenant)
            accept(job, tenant: insertion.tenant, at: Int64(clamping: now.monotonic))
            noteAcceptance(of: job)
        } else {
            admission.settle(bytes: insertion.byteCount, tenant: insertion.tenant, isKept: false)
        }
        for (index, waiting) in insertion.waiting.enumerated() {
            if outcome == .conflict || waiting.digest != insertion.digest {
                reject(key.id, Self.conflict(key.id), insertion.tenant, waiting.part)
            } else if admission.storeProblem?.code == .lost, let refusal = admission.refusal {
                // Committed to files that were moved away meanwhile: it is done if the broker lives, and not promised.
                let later = Rejection(.retryLater, refusal, retryAfterMilliseconds: settings.retryAfterMilliseconds)
                reject(key.id, later, insertion.tenant, waiting.part)
            } else {
                verdict(Verdict(job: key.id, .accepted(duplicate: !isNew || index > 0)), for: waiting.part)
            }
        }
    }

    mutating func insertFailed(_ key: JobKey, _ error: StoreError) {
        guard let insertion = insertions.removeValue(forKey: key) else { return }
        admission.settle(bytes: insertion.byteCount, tenant: insertion.tenant, isKept: false)
        for waiting in insertion.waiting { reject(key.id, notWritten(error), insertion.tenant, waiting.part) }
    }

    func notWritten(_ error: StoreError) -> Rejection {
        Rejection(
            .retryLater, "the job could not be written down: \(error.forTenants)",
            retryAfterMilliseconds: settings.retryAfterMilliseconds)
    }

    private static func conflict(_ job: JobID) -> Rejection {
        Rejection(.conflict, "there is another job with the id \(job); choose another id")
    }

    mutating func recognized(
        _ job: JobID, _ outcome: WriteOutcome, or refusal: Rejection, _ tenant: Int, _ part: Part
    ) {
        switch outcome {
        case .duplicate: verdict(Verdict(job: job, .accepted(duplicate: true)), for: part)
        case .conflict: reject(job, Self.conflict(job), tenant, part)
        default: reject(job, refusal, tenant, part)
        }
    }

    mutating func cancel(_ keys: [JobKey], _ address: ReturnAddress) {
        guard !keys.isEmpty else { return outbox.send(.cancelReply([]), to: address) }
        let request = cancellations.begin(address, count: keys.count)
        for (index, key) in keys.enumerated() {
            let part = Part(request: request, index: index)
            let isOwn = key.tenant == address.peer.identity.tenant
            let failure = Failure("cancelled", "the \(isOwn ? "producer" : "operator") cancelled the job")
            if let job = tenants.find(key.tenant).flatMap({ jobs.find(key.id, tenant: $0) }) {
                end(job, .cancelled, failure, cancellation: part)
            } else if insertions[key] != nil {
                write(JobEnd(key: key, state: .cancelled, failure: failure, attempts: 0, cancellation: part))
            } else {
                outbox.read(.report(key), for: .cancelled(part))
            }
        }
    }

    mutating func cancelled(_ part: Part, state: JobState?) {
        guard let (address, states) = cancellations.answer(part, state) else { return }
        outbox.send(.cancelReply(states), to: address)
    }

    mutating func cancellationFailed(_ part: Part, _ error: StoreError) {
        guard let address = cancellations.abandon(part.request) else { return }
        refuse(
            .unavailable, "the store cannot say or write down what became of the jobs: \(error.forTenants)", to: address
        )
    }

    /// What the store knows of a job, and the broker's memory.
    func merged(_ report: JobReport?, _ key: JobKey) -> JobReport {
        guard var report else { return JobReport(job: key.id) }
        guard report.state?.isTerminal != true, let tenant = tenants.find(key.tenant),
            let job = jobs.find(key.id, tenant: tenant)
        else { return report }
        let chunks = jobs[job].chunks
        report.state = chunks.contains { if case .leased = $0.state { true } else { false } } ? .running : .queued
        report.attempts = max(report.attempts, Int(jobs[job].attempts))
        return report
    }
}
