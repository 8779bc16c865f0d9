import JobModel
import JobStore
import SettingValues

extension Dispatcher {
    mutating func receivedFromWorker(_ body: Envelope.Body, _ address: ReturnAddress) {
        if case .hello(let hello) = body { return welcome(hello, address) }
        guard let worker = roster.find(address.peer) else {
            return refuse(.unknownPeer, "this worker is not known, or was lost; say HELLO", to: address)
        }
        roster[worker].heardAt = now.monotonic
        roster[worker].hasSpoken = true
        defer { if roster.contains(worker) { roster[worker].isUncertain = false } }
        switch body {
        case .workCredit(let window):
            roster[worker].window = window
            roster[worker].isUnreachable = false
        case .workerBeat(let beat): beaten(beat, by: worker)
        case .done(let done): received(done, from: worker, address)
        case .fail(let fail): received(fail, from: worker, address)
        case .goodbye(let unstarted): farewell(to: worker, unstarted, address)
        default: refuse(.unexpected, "this message does not belong on the work socket", to: address)
        }
    }

    private mutating func welcome(_ hello: Hello, _ address: ReturnAddress) {
        guard (1...Limit.name).contains(hello.instance.utf8.count) else {
            return refuse(.malformed, "a worker's instance must be 1 to \(Limit.name) bytes", to: address)
        }
        let old = roster.find(instance: hello.instance)
        if let old, isRival(hello, of: old, address.peer) { return refuseName(hello, of: old, address) }
        if let other = roster.find(address.peer), other != old { lose(other, because: "another took its connection") }
        guard old != nil || roster.count < WorkerRoster.workersMaximum else {
            return refuse(.unavailable, "there are \(roster.count) workers, which is the most", to: address)
        }
        guard hello.models.count <= Catalogue.offersPerWorkerMaximum else {
            return refuse(
                .tooLarge,
                "the worker offers \(hello.models.count) models; at most \(Catalogue.offersPerWorkerMaximum) are taken "
                    + "from one: divide them among several workers", to: address)
        }
        let languageCount = hello.models.reduce(0) { $0 + $1.languageCount }
        guard languageCount <= Catalogue.languagesPerWorkerMaximum else {
            return refuse(
                .tooLarge,
                "the worker's models list \(languageCount) languages; at most \(Catalogue.languagesPerWorkerMaximum) are "
                    + "taken from one: divide the models among several workers", to: address)
        }
        let (offers, changed) = take(hello.models, of: hello.instance, tenant: address.peer.identity.tenant)
        noteModels(of: hello, before: old.map { roster[$0].unavailableModels } ?? [])
        let kept = replace(
            old, by: Worker(hello, offers: offers, peer: address.peer, at: now.monotonic), after: hello)
        if let worker = roster.find(address.peer) { findRoutes(of: [worker]) }
        findRoutes(ofModels: changed)
        outbox.send(
            .welcome(
                Welcome(
                    epoch: epoch, heartbeatMilliseconds: UInt32(clamping: settings.broker.heartbeatMs),
                    silenceMilliseconds: UInt32(clamping: settings.broker.workerDeadAfterMs), leases: kept)),
            to: address)
        if admission.isDraining {
            outbox.send(.brokerBeat(BrokerBeat(epoch: epoch, isDraining: true)), to: ReturnAddress(peer: address.peer))
        }
        outbox.note(.info, "worker welcomed", ["instance": hello.instance, "leases": "\(kept.count)"])
    }

    /// Whether a worker that says HELLO is another than the one that has its name, which is alive. One that has died is
    /// soon not heard any more, or its connection is found to be gone.
    private func isRival(_ hello: Hello, of worker: WorkerRef, _ peer: Peer) -> Bool {
        let incumbent = roster[worker]
        if incumbent.peer == peer || incumbent.isLeaving || incumbent.isUnreachable { return false }
        if let incarnation = hello.incarnation, incarnation == incumbent.incarnation { return false }
        return now.monotonic < incumbent.heardAt.adding(milliseconds: 2 * settings.broker.heartbeatMs)
    }

    private mutating func refuseName(_ hello: Hello, of worker: WorkerRef, _ address: ReturnAddress) {
        // Releases that give no incarnation do not know NAME_TAKEN.
        refuse(
            hello.incarnation == nil ? .unavailable : .nameTaken,
            "another worker is connected under the name \(hello.instance); give each worker its own "
                + "(worker.instance, or dragoman worker --instance)", to: address)
        // If it has died, this finds out that its connection is gone.
        outbox.send(
            .brokerBeat(BrokerBeat(epoch: epoch, isDraining: admission.isDraining)),
            to: ReturnAddress(peer: roster[worker].peer))
        if roster[worker].hasRival { return }
        roster[worker].hasRival = true
        outbox.note(
            .warning, "a second worker is refused: its name is taken (worker.instance)", ["instance": hello.instance])
    }

    /// - Returns: the models' indices, without those that no place is left for, and those that are known otherwise than
    ///   before.
    private mutating func take(
        _ offers: [ModelOffer], of instance: String, tenant: String
    ) -> (taken: [(model: Int, offered: Worker.Offered)], changed: [Int]) {
        let tenant = tenants.index(of: tenant)
        let (offering, jobCounts) = (roster.offering, jobs.countOfModel)
        let others = roster.all.map { roster[$0] }.filter { $0.instance != instance }
        var taken: [(model: Int, offered: Worker.Offered)] = []
        var refused: [String] = []
        var changed: [Int] = []
        for offer in offers.lazy.map(\.canonical) {
            let models = taken.map(\.model)
            let addition = catalogue.add(offer, by: tenant, at: age) { index in
                others.compactMap { $0.offers[index]?.offer }
            } isInUse: {
                offering[count: $0] > 0 || jobCounts[count: $0] > 0 || models.contains($0)
            }
            if let evicted = addition?.evicted {
                changed += [catalogue.find(evicted)].compactMap(\.self)
                outbox.write(.forgetOffer(evicted), for: .forgetOffer)
            }
            let entry = catalogue.entry(of: offer.name)
            if addition?.isNews == true, let offer = entry?.offer {
                changed += [addition?.model].compactMap(\.self)
                outbox.write(.offer(offer), for: .offer(offer))
            }
            // A job may be for it all the same.
            let needed = catalogue.find(offer.name).flatMap { jobCounts[count: $0] > 0 ? $0 : nil }
            guard let model = addition?.model ?? needed else {
                refused.append(offer.name)
                continue
            }
            if models.contains(model) { continue }
            let languages = entry?.offer == offer ? entry?.languages : nil
            taken.append(
                (model, Worker.Offered(offer: offer, languages: languages ?? OfferedLanguages(offer))))
        }
        if catalogue.hasManyIndices { freeModelIndices() }
        if let first = refused.first {
            outbox.note(
                .warning, "models are not taken from a worker: too many are known; see dragoman models list",
                ["instance": instance, "models": "\(refused.count)", "first": first])
        }
        return (taken, changed)
    }

    /// - Returns: the leases that are still wanted.
    private mutating func replace(_ old: WorkerRef?, by new: Worker, after hello: Hello) -> [LeaseName] {
        let names = hello.leases
        var before = old.map { roster[$0].leases } ?? []
        let fate: Fate = old.map { self.fate(of: roster[$0], after: hello) } ?? .lostMessages
        var added = new
        if let old {
            added.done = roster[old].done
            added.failed = roster[old].failed
            added.meter = roster[old].meter
            added.hasRival = fate != .crashed && roster[old].hasRival
            added.unanswered = roster[old].unanswered
            added.pauseCount = roster[old].pauseCount
            added.pausedUntil = roster[old].pausedUntil
            roster.remove(old)
        }
        let worker = roster.add(added)
        var kept: [LeaseName] = []
        for name in names where !kept.contains(name) {
            if let index = before.firstIndex(of: name.token), leases[name.token]?.name == name {
                before.remove(at: index)
                take(name.token, by: worker)
                kept.append(name)
            } else if let chunk = chunk(of: name) {
                if jobs[chunk].state == .recovered(token: name.token) {
                    resume(chunk, name, by: worker)
                    kept.append(name)
                } else if isResultWanted(of: chunk, token: name.token) {
                    kept.append(name)
                }
            }
        }
        for token in before {
            switch fate {
            case .saidHelloTwice: take(token, by: worker)
            case .left: giveBack(token, .handedBack)
            case .lostMessages: giveBack(token, .unanswered)
            case .crashed: giveBack(token, .crash)
            }
        }
        return kept
    }

    private enum Fate { case saidHelloTwice, left, lostMessages, crashed }

    /// Why a worker says HELLO that was welcome already. Where its incarnation does not tell, one that names nothing of
    /// what it was given is a new process. Or its HELLOs were answered slowly, so that it said another before it knew of
    /// anything.
    private func fate(of old: Worker, after hello: Hello) -> Fate {
        if old.isLeaving { return .left }
        let isSameProcess = old.incarnation.flatMap { known in hello.incarnation.map { $0 == known } }
        if isSameProcess == false { return .crashed }
        if !hello.leases.isEmpty { return .lostMessages }
        let isFresh = now.monotonic < old.welcomedAt.adding(milliseconds: settings.broker.heartbeatMs)
        if !old.hasSpoken && isFresh { return .saidHelloTwice }
        return isSameProcess == true ? .lostMessages : .crashed
    }

    /// Moves a lease to the worker that its worker has become.
    private mutating func take(_ token: UInt64, by worker: WorkerRef) {
        guard var lease = leases[token] else { return }
        lease.worker = worker
        renew(&lease)
        leases[token] = lease
        roster[worker].leases.append(token)
        roster[worker].leasedCost += UInt64(lease.share)
        if lease.isAlone { roster[worker].isAlone = true }
    }

    /// A lease of the last broker's goes on (I8).
    private mutating func resume(_ chunk: ChunkRef, _ name: LeaseName, by worker: WorkerRef) {
        let live = jobs[chunk]
        let share = roster[worker].share(of: live.cost)
        leases.add(
            Lease(
                chunk: chunk, name: name, worker: worker, share: share, isAlone: live.isSuspect,
                until: now.after(milliseconds: settings.broker.leaseMs)))
        roster[worker].leases.append(name.token)
        roster[worker].leasedCost += UInt64(share)
        if live.isSuspect { roster[worker].isAlone = true }
        jobs.set(.leased(token: name.token), of: chunk)
    }

    private func renew(_ lease: inout Lease) {
        lease.missedBeats = 0
        if !lease.isRefused { lease.until = now.after(milliseconds: settings.broker.leaseMs) }
    }

    private mutating func beaten(_ beat: WorkerBeat, by worker: WorkerRef) {
        let offered = roster[worker].models
        roster[worker].loadedModels = beat.loadedModels.compactMap(catalogue.find).filter(offered.contains)
        let named = Set(beat.leases.map(\.token))
        for token in roster[worker].leases {
            guard var lease = leases[token], lease.unsent == nil else { continue }
            if named.contains(token) {
                renew(&lease)
                leases[token] = lease
            } else if lease.missedBeats == 0 {
                lease.missedBeats = 1
                leases[token] = lease
            } else {
                // Of one that does this all the time, the log has been told.
                outbox.note(
                    roster[worker].isMistrusted ? .debug : .warning, "lease lost: its worker does not name it",
                    ["job_id": "\(lease.name.chunk.job)"])
                giveBack(token, .unanswered)
            }
        }
        for name in beat.leases {
            if let lease = leases[name.token], lease.worker == worker, lease.name == name { continue }
            if let chunk = chunk(of: name), isResultWanted(of: chunk, token: name.token) { continue }
            roster[worker].cancelled.append(name)
        }
    }

    /// The worker leaves: what it lists goes back at no charge (I9); what it does not list, it is about to finish.
    private mutating func farewell(to worker: WorkerRef, _ unstarted: [LeaseName], _ address: ReturnAddress) {
        roster[worker].isLeaving = true
        for name in unstarted where leases[name.token]?.worker == worker && leases[name.token]?.name == name {
            giveBack(name.token, .handedBack)
        }
        outbox.send(.settled(unstarted), to: address)
        outbox.note(.info, "worker leaves", ["instance": roster[worker].instance])
    }

    /// The worker is dead: its chunks are suspects (I5). One that has said GOODBYE has merely gone.
    mutating func lose(_ worker: WorkerRef, because reason: String) {
        let lost = roster[worker]
        for token in lost.leases { giveBack(token, lost.isLeaving ? .unanswered : .crash) }
        roster.remove(worker)
        if clearing == worker { clearing = nil }
        outbox.note(
            lost.isLeaving ? .info : .warning, "worker lost: \(reason)",
            ["instance": lost.instance, "leases": "\(lost.leases.count)"])
    }

    /// The chunk that a lease is, or was, for, if its job has not ended.
    func chunk(of name: LeaseName) -> ChunkRef? {
        guard let chunk = leases.chunk(of: name), jobs.contains(chunk.job), jobs[chunk.job].id == name.chunk.job,
            chunk.index == name.chunk.index
        else { return nil }
        return chunk
    }

    /// Whether a worker that has the result is to keep it until it is settled.
    private func isResultWanted(of chunk: ChunkRef, token: UInt64) -> Bool {
        switch jobs[chunk].state {
        case .finishing(token), .unsettled(token, until: _): true
        default: false
        }
    }

    /// Tells workers at once what is wanted no more.
    mutating func sendCancellations() {
        for worker in roster.all where !roster[worker].cancelled.isEmpty {
            let cancelled = roster[worker].cancelled
            roster[worker].cancelled = []
            outbox.send(
                .brokerBeat(BrokerBeat(epoch: epoch, cancelled: cancelled, isDraining: admission.isDraining)),
                to: ReturnAddress(peer: roster[worker].peer))
        }
    }
}
