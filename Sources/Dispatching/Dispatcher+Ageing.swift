import JobModel
import JobStore
import SettingValues

/// What is forgotten, or loses its say, when it has been away for long: models that no worker offers, and consumers that
/// do not attach.
extension Dispatcher {
    /// The store's age, which absences are measured by: nobody is gone because a clock jumped, or the broker was stopped.
    var age: UInt64 { storeAge.milliseconds(at: now) }

    /// Whether a consumer no longer holds records back.
    func isAbandoned(_ consumer: Consumer) -> Bool {
        consumer.attachment == nil && consumer.seen.absence(at: age) > settings.store.consumerAbandonedMs
    }

    /// Notes who is there, and forgets what has been away for too long. What it writes comes before the purge that follows.
    mutating func sweep() {
        delivery.seeAttached(at: age)
        let (offering, jobCounts) = (roster.offering, jobs.countOfModel)
        catalogue.see(at: age) { offering[count: $0] > 0 || jobCounts[count: $0] > 0 }
        for entry in catalogue.entries where entry.seen.absence(at: age) >= settings.limits.offerRetentionMs {
            forget(entry.offer.name)
            outbox.note(.notice, "model forgotten: no worker has offered it for long", ["model": entry.offer.name])
        }
        freeModelIndices()
        let consumers = delivery.all.filter { $0.acknowledged > 0 && $0.seen.isNoteDue }.map { consumer in
            ConsumerKey(tenant: tenants.names[consumer.tenant], name: consumer.name)
        }
        let models = catalogue.entries.filter(\.seen.isNoteDue).map(\.offer.name)
        guard !consumers.isEmpty || !models.isEmpty else { return }
        outbox.write(.seen(consumers: consumers, models: models, at: age), for: .seen(consumers, models, at: age))
    }

    /// The store has been told who was there.
    mutating func noted(_ consumers: [ConsumerKey], _ models: [String], at time: UInt64) {
        for key in consumers { delivery.noted(tenant: tenants.index(of: key.tenant), name: key.name, at: time) }
        catalogue.noted(models, at: time)
    }

    mutating func forget(_ model: String) {
        catalogue.forget(model)
        findRoutes(ofModels: [catalogue.find(model)].compactMap(\.self))
        outbox.write(.forgetOffer(model), for: .forgetOffer)
    }

    mutating func freeModelIndices() {
        // Routes name models by their indices.
        removeUnusedRoutes()
        var held = Set<Int>()
        for worker in roster.all { held.formUnion(roster[worker].models) }
        let jobCounts = jobs.countOfModel
        for model in catalogue.freeIndices(unless: { held.contains($0) || jobCounts[count: $0] > 0 }) {
            statistics.forget(model: model)
        }
    }
}

extension [Int] {
    /// 0 for what was never counted.
    subscript(count index: Int) -> Int { indices.contains(index) ? self[index] : 0 }
}
