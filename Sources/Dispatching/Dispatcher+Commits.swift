import JobModel
import JobStore
import SettingValues

/// What the disk says.
extension Dispatcher {
    mutating func committed(_ commit: CommitID, _ outcomes: [WriteOutcome]) {
        let purposes = outbox.purposes(of: commit)
        precondition(purposes.count == outcomes.count, "commit \(commit.value) has an outcome for each write")
        for (purpose, outcome) in zip(purposes, outcomes) {
            switch purpose {
            case .insert(let key): inserted(key, outcome)
            case .recognize(let job, let refusal, let tenant, let part):
                recognized(job, outcome, or: refusal, tenant, part)
            case .lease(let token): leased(token)
            case .requeue(let receipt):
                if let receipt { outbox.send(.settled([receipt.lease]), to: receipt.to) }
            case .finish(let finish): finished(finish, outcome)
            case .end(let end): ended(end, outcome)
            case .acknowledge(let acknowledgement): acknowledged(acknowledgement, outcome)
            case .retryDead(let key, let part): retriedDead(key, part, outcome)
            case .dropDead(let key, let part): droppedDead(key, part, outcome)
            case .offer, .forgetOffer, .removeAbandoned: break
            case .removeConsumer(let consumer, let part): removed(consumer, part)
            case .removeModel(let model, let part): removed(model, part)
            case .keepGlossary(let glossary, let tenant, let address): kept(glossary, tenant: tenant, address)
            case .removeGlossary(let glossary, let tenant, let part): removed(glossary, tenant: tenant, part)
            case .seen(let consumers, let models, let time): noted(consumers, models, at: time)
            case .purge: purged(outcome)
            }
        }
    }

    mutating func commitFailed(_ commit: CommitID, _ error: StoreError) {
        noteFailure("a commit", error)
        for purpose in outbox.purposes(of: commit) {
            switch purpose {
            case .insert(let key): insertFailed(key, error)
            case .recognize(let job, _, let tenant, let part): reject(job, notWritten(error), tenant, part)
            case .lease(let token): leaseFailed(token)
            // The memory knows better than the disk, which will hear of the chunk again. The worker says FAIL again,
            // and is told then that its lease is over.
            case .requeue: break
            case .finish(let finish): finishFailed(finish, error)
            case .end(let end): endFailed(end, error)
            case .acknowledge(let acknowledgement):
                refuse(
                    .unavailable, "the acknowledgement could not be written down: \(error.forTenants)",
                    to: acknowledgement.to)
            case .retryDead(let key, let part):
                admission.settle(bytes: 0, tenant: tenants.index(of: key.tenant), isKept: false)
                deadLetterFailed(part, error)
            case .dropDead(_, let part): deadLetterFailed(part, error)
            case .offer(let offer):
                unwrittenOffers.append(offer)
                schedule.retry = min(schedule.retry, now.after(milliseconds: settings.limits.retryAfterMs))
            // What the disk still has is forgotten, or noted, another time.
            case .forgetOffer, .removeAbandoned, .seen: break
            case .removeConsumer(_, let part): removalFailed(consumerRemovals.abandon(part.request), error)
            case .removeModel(_, let part): removalFailed(modelRemovals.abandon(part.request), error)
            case .keepGlossary(let glossary, let tenant, let address):
                keepFailed(glossary, tenant: tenant, address, error)
            case .removeGlossary(let glossary, let tenant, let part):
                removalFailed(glossary, tenant: tenant, part, error)
            case .purge: schedule.purge = now.after(milliseconds: Purge.period)
            }
        }
    }

    /// A disk that is full fails a thousand commits a second, and the log may be on it.
    private mutating func noteFailure(_ what: String, _ error: StoreError) {
        failureCount += 1
        // What is known to be impossible was spoken of once.
        guard error.code != admission.storeProblem?.code else { return }
        guard failureNotedAt.map({ now.monotonic >= $0.adding(milliseconds: 1000) }) ?? true else { return }
        failureNotedAt = now.monotonic
        outbox.note(
            .error, "\(what) failed: \(error.message)",
            ["code": error.code.description, "failures": "\(failureCount)"])
    }

    mutating func answered(_ read: ReadID, with reading: Reading) {
        switch (outbox.question(of: read), reading) {
        case (.deliver(let consumer), .records(let records)): deliver(records, to: consumer)
        case (.attach(let consumer, let last), .firstSequence(let first)):
            attached(consumer, first: first, known: last)
        case (.jobReport(let key, let address), .report(let report)):
            outbox.send(.jobReport(merged(report, key)), to: address)
        case (.cancelled(let part), .report(let report)): cancelled(part, state: report?.state)
        case (.deadLetters(let address), .deadLetters(let reports)):
            outbox.send(.deadLetterReply(reports), to: address)
        case (.jobList(let request, let address), .jobs(let list)):
            outbox.send(.jobListReply(merged(list, request)), to: address)
            endList(of: address.peer)
        case (.tenants(let verb, let ids, let address), .tenants(let tenants)):
            perform(verb, ids, of: tenants, address)
        default: preconditionFailure("read \(read.value) was answered with something else")
        }
    }

    mutating func readFailed(_ read: ReadID, _ error: StoreError) {
        noteFailure("a read", error)
        let message = "the store cannot be read: \(error.forTenants)"
        switch outbox.question(of: read) {
        case .deliver(let consumer):
            // Its next credit, which is its beat, asks again.
            delivery[consumer]?.isReading = false
        case .attach(let consumer, _):
            guard let attachment = delivery[consumer] else { return }
            delivery.detach(consumer, at: age)
            refuse(
                .unavailable, message,
                to: ReturnAddress(peer: attachment.peer, correlation: attachment.correlation ?? []))
        case .jobReport(_, let address), .deadLetters(let address), .tenants(_, _, let address):
            refuse(.unavailable, message, to: address)
        case .jobList(_, let address):
            refuse(.unavailable, message, to: address)
            endList(of: address.peer)
        case .cancelled(let part): cancellationFailed(part, error)
        }
    }
}
