import JobModel

extension Dispatcher {
    /// What is wrong with the state, for tests and simulations: nil, always, or the machine has a mistake. It looks at
    /// every live job, so it costs as much as there is.
    package func check() -> String? {
        var bytes = insertions.values.reduce(0) { $0 + $1.byteCount }
        var queued = 0
        var leased = 0
        var suspected = 0
        var going = 0
        for job in jobs.all {
            bytes += jobs[job].byteCount
            if !jobs[job].isEnding { going += 1 }
            for (index, chunk) in jobs[job].chunks.enumerated() {
                let ref = ChunkRef(job: job, index: UInt32(index))
                if let wrong = check(chunk, ref) { return "\(jobs[job].id) chunk \(index): \(wrong)" }
                switch chunk.state {
                case .queued: queued += 1
                case .leased: leased += 1
                case .suspect: suspected += 1
                default: break
                }
            }
        }
        if jobs.countInOrder != going { return "\(jobs.countInOrder) jobs have an order, and \(going) go on" }
        if queued != queue.count { return "I2: \(queued) chunks are queued, the queue has \(queue.count)" }
        if leased != leases.count { return "I3: \(leased) chunks are leased, there are \(leases.count) leases" }
        if suspected != suspects.waiting.count { return "I5: \(suspected) suspects, \(suspects.waiting.count) wait" }
        if bytes != admission.total.bytes { return "I6: \(bytes) bytes are held, \(admission.total.bytes) counted" }
        if admission.uncommittedBytes != insertions.values.reduce(0, { $0 + $1.byteCount }) {
            return "I6: bytes on their way to the disk are miscounted"
        }
        return checkWorkers() ?? checkConsumers() ?? checkModels()
    }

    private func check(_ chunk: LiveChunk, _ ref: ChunkRef) -> String? {
        let job = jobs[ref.job]
        switch chunk.state {
        case .queued(let place) where queue.chunk(at: place) != ref: return "I2: its place in the queue is another's"
        case .leased(let token) where leases[token]?.chunk != ref: return "I3: its lease is another's"
        case .done, .finishing: break
        case .withdrawn where !job.isEnding: return "I2: it is nowhere, and its job goes on"
        case .withdrawn: break
        default:
            if job.isEnding { return "I2: it goes on, and its job ends" }
            // A restart with other settings may lower what a job was accepted with; not what is charged.
            if chunk.attempts >= job.maximumAttempts { return "I5: it has no attempts left, and goes on" }
        }
        return nil
    }

    private func checkWorkers() -> String? {
        var held = 0
        for worker in roster.all.map({ roster[$0] }) {
            let all = worker.leases.compactMap { leases[$0] }
            held += all.count
            if all.count != worker.leases.count { return "I3: \(worker.instance) has a lease that is none" }
            if all.reduce(0, { $0 + UInt64($1.share) }) != worker.leasedCost {
                return "I6: \(worker.instance)'s leased tokens are miscounted"
            }
            let isShared = all.count > 1 && all.contains { leases.isOwn($0.name) }
            if all.contains(where: \.isAlone) && (isShared || !worker.isAlone) {
                return "I5: \(worker.instance) has a suspect and something else"
            }
        }
        if held != leases.count { return "I3: a lease is nobody's" }
        if awaitsLeaseCommit && leases.isAloneBesideOthers { return "I5: a suspect is not alone in the process" }
        return nil
    }

    private func checkModels() -> String? {
        if catalogue.entries.count > Catalogue.offersMaximum { return "I6: too many models are remembered" }
        var offering: [Int: Int] = [:]
        for worker in roster.all {
            for model in roster[worker].offered { offering[model, default: 0] += 1 }
            for model in roster[worker].models where catalogue.find(catalogue.names[model]) != model {
                return "I6: a worker's model has lost its index"
            }
        }
        for (model, count) in roster.offering.enumerated() where count != offering[model] ?? 0 {
            return "\(count) workers offer \(catalogue.names[model]), and \(offering[model] ?? 0) do"
        }
        var needed: [Int: Int] = [:]
        for job in jobs.all { needed[jobs[job].model, default: 0] += 1 }
        for (model, count) in jobs.countOfModel.enumerated() where count != needed[model] ?? 0 {
            return "I6: \(count) jobs are for \(catalogue.names[model]), and \(needed[model] ?? 0) are counted"
        }
        for worker in roster.all where roster[worker].routes.sorted() != servedRoutes(of: worker) {
            return "\(roster[worker].instance) is given what is not on its routes"
        }
        var used: [Int: Int] = [:]
        for job in jobs.all {
            used[jobs[job].route, default: 0] += 1
            if routes.all[jobs[job].route]?.model != jobs[job].model { return "a job is on another model's route" }
        }
        for (index, route) in routes.all.enumerated()
        where route != nil && routes.jobCount(of: index) != used[index] ?? 0 {
            return "I6: the jobs on a route are miscounted"
        }
        for model in needed.keys where catalogue.find(catalogue.names[model]) != model {
            return "I6: a job's model has lost its index"
        }
        return nil
    }

    private func checkConsumers() -> String? {
        let outstanding = delivery.all.compactMap(\.attachment).reduce(0) { $0 + $1.outstandingBytes }
        if outstanding != delivery.outstandingBytes || delivery.attached.count != delivery.attachedCount {
            return "I6: what is on the way to consumers is miscounted"
        }
        for consumer in delivery.attached {
            guard let attachment = delivery[consumer] else { continue }
            var last: UInt64 = 0
            for sent in attachment.unacknowledged {
                if sent.sequence <= last { return "I4: records were sent out of order" }
                last = sent.sequence
            }
            if attachment.unacknowledged.reduce(0, { $0 + $1.bytes }) != attachment.outstandingBytes {
                return "I6: a consumer's bytes are miscounted"
            }
        }
        return nil
    }
}
