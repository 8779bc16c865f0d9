import JobModel
import JobStore
import SettingValues

/// How often, and how much at a time, old records are removed.
enum Purge {
    static let period: UInt64 = 60_000
    static let limit = 500
}

extension Dispatcher {
    /// Does what is due; every event asks, so that a late tick delays nothing.
    mutating func passTime() {
        while let (time, chunk) = waits.popDue(at: now.monotonic) { wake(chunk, at: time) }
        while let (_, job) = expiries.popDue(at: now.wall) { expire(job) }
        if schedule.resumeGrace <= now.monotonic { endResumeGrace() }
        if schedule.beat <= now.monotonic { beat() }
        if schedule.retry <= now.monotonic { retryWrites() }
        if schedule.purge <= now.monotonic {
            storeAge.count(until: now)
            sweep()
            purge()
        }
    }

    /// The wall clock decides, and only here: leases, and how long records are kept, know nothing of it (I10).
    private mutating func expire(_ job: JobRef) {
        guard jobs.contains(job) else { return }
        end(job, .expired, Failure("expired", "the job's deadline passed before it was done"))
    }

    private mutating func beat() {
        forgiveAbsence()
        schedule.beat = now.after(milliseconds: settings.broker.heartbeatMs)
        for worker in roster.all {
            if roster[worker].heardAt.adding(milliseconds: settings.broker.workerDeadAfterMs) <= now.monotonic {
                lose(worker, because: "it is silent")
            } else {
                expireLeases(of: worker)
                outbox.send(
                    .brokerBeat(
                        BrokerBeat(epoch: epoch, cancelled: roster[worker].cancelled, isDraining: admission.isDraining)),
                    to: ReturnAddress(peer: roster[worker].peer))
                roster[worker].cancelled = []
            }
        }
        for consumer in delivery.attached { beat(consumer) }
        outbox.perform(.publishHeartbeat(lastSequences: tenants.lastSequencesByName))
    }

    /// A broker that was stopped, or starved, has heard nobody meanwhile; that is no sign of their death.
    private mutating func forgiveAbsence() {
        let absence = now.monotonic - schedule.beat
        guard absence >= UInt64(settings.broker.heartbeatMs) * 1_000_000 else { return }
        for worker in roster.all {
            roster[worker].heardAt = min(roster[worker].heardAt + absence, now.monotonic)
            for token in roster[worker].leases {
                guard let until = leases[token]?.until else { continue }
                leases[token]?.until = until.saturatingAdd(absence)
            }
        }
        for consumer in delivery.attached {
            guard let heardAt = delivery[consumer]?.heardAt else { continue }
            delivery[consumer]?.heardAt = min(heardAt + absence, now.monotonic)
        }
    }

    private mutating func beat(_ consumer: ConsumerRef) {
        guard let attachment = delivery[consumer], let tenant = delivery.consumer(consumer.slot)?.tenant else { return }
        if attachment.heardAt.adding(milliseconds: settings.broker.workerDeadAfterMs) <= now.monotonic {
            return delivery.detach(consumer, at: age)
        }
        guard attachment.correlation == nil else { return }
        outbox.send(
            .heartbeat(epoch: epoch, lastSequence: tenants.lastSequences[tenant]),
            to: ReturnAddress(peer: attachment.peer))
    }

    /// A worker that lives, and has not named a lease for as long as a lease lasts, does not have it. One that has not been
    /// heard of since may have died with it, which is something else.
    private mutating func expireLeases(of worker: WorkerRef) {
        for token in roster[worker].leases {
            guard let lease = leases[token], lease.until <= roster[worker].heardAt else { continue }
            roster[worker].cancelled.append(lease.name)
            giveBack(token, .unanswered)
            roster[worker].isUncertain = true
        }
    }

    private mutating func purge() {
        schedule.purge = .max
        outbox.write(
            .purge(
                age: storeAge.milliseconds, retention: UInt64(settings.store.retentionMs),
                acknowledgedRetention: UInt64(settings.store.acknowledgedRetentionMs),
                consumerAbandonment: UInt64(settings.store.consumerAbandonedMs), limit: Purge.limit), for: .purge)
    }

    /// While there is work, it goes on; other commits come in between.
    mutating func purged(_ outcome: WriteOutcome) {
        guard case .purged(let records, let dead) = outcome else { preconditionFailure("a purge came to \(outcome)") }
        for (tenant, count) in dead { statistics.countDead(-count, tenant: tenants.index(of: tenant)) }
        if records >= Purge.limit { purge() } else { schedule.purge = now.after(milliseconds: Purge.period) }
    }

    mutating func drain() {
        guard drainStage == .running else { return }
        drainStage = .draining
        admission.isDraining = true
        schedule.drain = now.after(milliseconds: settings.broker.drainMs)
        for worker in roster.all {
            outbox.send(
                .brokerBeat(BrokerBeat(epoch: epoch, isDraining: true)), to: ReturnAddress(peer: roster[worker].peer))
        }
        outbox.note(.notice, "draining", ["leases": "\(leases.count)"])
    }

    /// The end comes when nothing is with workers any more, and nothing on its way to the disk; or, when that takes too
    /// long, when what is with workers has been taken back.
    mutating func endDrain() {
        if drainStage == .draining, schedule.drain <= now.monotonic {
            drainStage = .overdue
            schedule.drain = .max
            for worker in roster.all {
                for token in roster[worker].leases { giveBack(token, .handedBack) }
            }
        }
        guard drainStage == .draining && unwrittenEnds.isEmpty || drainStage == .overdue, leases.count == 0,
            outbox.isQuiet
        else { return }
        drainStage = .drained
        schedule.drain = .max
        outbox.perform(.drained)
    }
}
