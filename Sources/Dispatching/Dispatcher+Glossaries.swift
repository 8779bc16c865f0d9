import JobModel
import JobStore
import Languages
import SettingValues

/// The glossaries that producers have kept, and the jobs that name them.
extension Dispatcher {
    mutating func handle(_ request: GlossaryRequest, _ address: ReturnAddress) {
        let tenant = address.peer.identity.tenant
        switch request {
        case .list: outbox.send(.glossaryReply(glossaries.all(tenant: tenant).map(\.summary)), to: address)
        case .get(let name):
            let found = glossaries.find(name, tenant: tenant)
            outbox.send(.glossaryReply([found].compactMap(\.self)), to: address)
        case .put(let glossary, let onlyNew): put(glossary, onlyNew: onlyNew, tenant: tenant, address)
        case .remove(let names): remove(names, tenant: tenant, address)
        }
    }

    private mutating func put(
        _ glossary: NamedGlossary, onlyNew: Bool, tenant: String, _ address: ReturnAddress
    ) {
        if onlyNew, glossaries.has(glossary.name, tenant: tenant) {
            return outbox.send(.glossaryReply([]), to: address)
        }
        // A request may come twice when its answer was lost.
        if let there = glossaries.find(glossary.name, tenant: tenant), there.glossary == glossary.glossary,
            there.languages == glossary.languages, !glossaries.isChanging(glossary.name, tenant: tenant)
        {
            return outbox.send(.glossaryReply([there.summary]), to: address)
        }
        for language in [glossary.languages.source, glossary.languages.target].compactMap(\.self)
        where LanguageTag(language) == nil {
            return refuse(
                .malformed, "\"\(language)\" is not a language of a glossary; write \(LanguageTag.form)", to: address)
        }
        if let (code, problem) = shortage(glossary, tenant: tenant) { return refuse(code, problem, to: address) }
        if let refusal = admission.refusal { return refuse(.unavailable, refusal, to: address) }
        let numbered = glossaries.begin(glossary, tenant: tenant, at: now.wall)
        outbox.write(.keepGlossary(numbered, tenant: tenant), for: .keepGlossary(numbered, tenant: tenant, address))
    }

    /// Why there is no room for a glossary; nil: there is.
    private func shortage(_ glossary: NamedGlossary, tenant: String) -> (Fault.Code, String)? {
        let usage = glossaries.usage(of: tenant, with: glossary)
        let (most, mostBytes) = (settings.limits.tenantGlossariesMax, settings.limits.tenantGlossaryBytesMax)
        let isChanging = glossaries.isChanging(glossary.name, tenant: tenant)
        let there = isChanging ? nil : glossaries.find(glossary.name, tenant: tenant)
        // One that takes no more than what it replaces is taken, even when a limit was lowered.
        if let there, glossary.cost <= there.cost { return tooMuchOnItsWay(glossary) }
        guard there != nil || usage.count <= most else {
            return (
                .tooLarge,
                "this tenant may have \(most.counted("glossary")) (limits.tenant_glossaries_max), and has "
                    + "them; remove one first"
            )
        }
        guard usage.cost <= mostBytes else {
            return (
                .tooLarge,
                "with this one, the tenant's glossaries take \(usage.cost.counted("byte")), "
                    + "\(NamedGlossary.termCost) for each term included, and may take \(mostBytes) "
                    + "(limits.tenant_glossary_bytes_max); remove one, or make it shorter"
            )
        }
        guard usage.passingCost <= mostBytes else {
            return (.unavailable, "other glossaries of this tenant are on their way to the disk; try again later")
        }
        return tooMuchOnItsWay(glossary)
    }

    private func tooMuchOnItsWay(_ glossary: NamedGlossary) -> (Fault.Code, String)? {
        let bytes = glossaries.writingCost + admission.uncommittedBytes
        guard bytes > 0, bytes + glossary.cost > settings.limits.inflightBytesMax else { return nil }
        return (.unavailable, "too much is on its way to the disk (\(bytes.counted("byte"))); try again later")
    }

    mutating func kept(_ glossary: NamedGlossary, tenant: String, _ address: ReturnAddress) {
        glossaries.settle(glossary, tenant: tenant, isKept: true)
        outbox.note(
            .notice, "glossary kept",
            ["tenant": tenant, "glossary": glossary.name, "version": "\(glossary.version)"])
        outbox.send(.glossaryReply([glossary.summary]), to: address)
    }

    mutating func keepFailed(
        _ glossary: NamedGlossary, tenant: String, _ address: ReturnAddress, _ error: StoreError
    ) {
        glossaries.settle(glossary, tenant: tenant, isKept: false)
        refuse(.unavailable, "the glossary could not be written down: \(error.forTenants)", to: address)
    }

    private mutating func remove(_ names: [String], tenant: String, _ address: ReturnAddress) {
        guard names.count <= Limit.jobs else {
            return refuse(
                .tooLarge, "\(names.count) names in one message; at most \(Limit.jobs) are taken", to: address)
        }
        let found = Set(names).sorted().compactMap { glossaries.find($0, tenant: tenant) }
        guard !found.isEmpty else { return outbox.send(.glossaryReply([]), to: address) }
        let request = glossaryRemovals.begin(address, count: found.count)
        for (index, glossary) in found.enumerated() {
            let key = GlossaryKey(tenant: tenant, name: glossary.name)
            glossaries.beginRemoval(key)
            outbox.write(
                .removeGlossary(key),
                for: .removeGlossary(glossary.summary, tenant: tenant, Part(request: request, index: index)))
        }
    }

    mutating func removed(_ glossary: NamedGlossary, tenant: String, _ part: Part) {
        glossaries.settleRemoval(GlossaryKey(tenant: tenant, name: glossary.name), isGone: true)
        outbox.note(.notice, "glossary removed", ["tenant": tenant, "glossary": glossary.name])
        guard let (address, removed) = glossaryRemovals.answer(part, glossary) else { return }
        outbox.send(.glossaryReply(removed), to: address)
    }

    mutating func removalFailed(_ glossary: NamedGlossary, tenant: String, _ part: Part, _ error: StoreError) {
        glossaries.settleRemoval(GlossaryKey(tenant: tenant, name: glossary.name), isGone: false)
        removalFailed(glossaryRemovals.abandon(part.request), error)
    }

    /// A job with the terms of the glossary that it names, as far as its texts may need them. So they are its own: what becomes
    /// of the glossary afterwards changes nothing.
    func resolved(_ job: Job, tenant: String, limits: TenantLimits) -> Result<Job, Rejection> {
        guard let name = job.glossaryName else { return .success(job) }
        guard job.glossary == nil else {
            return .failure(Rejection(.invalid, "the job has terms, and names a glossary; give one of the two"))
        }
        guard let named = glossaries.find(name, tenant: tenant) else {
            return .failure(
                Rejection(
                    .unsupported,
                    "this tenant has no glossary \"\(name)\"; keep it first (dragoman glossary add), or list what there is "
                        + "(dragoman glossary list)"))
        }
        let wanted = job.model.languages
        guard Self.agree(named.languages.source, wanted.source), Self.agree(named.languages.target, wanted.target)
        else {
            return .failure(
                Rejection(
                    .invalid,
                    "the glossary \"\(name)\" is from \(named.languages.source ?? "any language") to "
                        + "\(named.languages.target ?? "any language"), and the job from "
                        + "\(wanted.source ?? "any language") to \(wanted.target ?? "any language")"))
        }
        var job = job
        job.glossary = named.glossary?.part(for: job.sources, job.options)
        // With these terms it is larger than what has come in.
        if let problem = admission.problem(of: job, settings: settings, limits: limits) ?? frameProblem(of: job) {
            return .failure(problem)
        }
        return .success(job)
    }

    /// A job of one chunk goes to a worker with all its texts and terms in one message.
    private func frameProblem(of job: Job) -> Rejection? {
        guard let terms = job.glossary else { return nil }
        let (bytes, most) = (
            job.byteCount + Self.bytesPerItem * (job.sources.count + terms.entries.count),
            settings.broker.workerFrameBytesMax - Self.bytesPerAssignment
        )
        guard bytes > most else { return nil }
        return Rejection(
            .tooLarge,
            "with the terms of its glossary, the job takes \(bytes.counted("byte")) of a message to a worker, which has room "
                + "for \(max(most, 0)) (broker.worker_frame_bytes_max); divide its text among several jobs, or make the "
                + "glossary shorter")
    }

    /// What a text or a term takes in a message beside its own bytes, at most; and a message beside these.
    private static let bytesPerItem = 16
    private static let bytesPerAssignment = 2048

    /// Of two languages either may say more; one that is not given may be any.
    private static func agree(_ first: String?, _ second: String?) -> Bool {
        guard let first = first.flatMap({ LanguageTag($0) }), let second = second.flatMap({ LanguageTag($0) }) else {
            return true
        }
        return first.distance(from: second) != nil || second.distance(from: first) != nil
    }
}
