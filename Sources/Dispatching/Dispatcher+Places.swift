import JobModel
import JobStore

/// The lists of consumers and models, which outlive those who made them.
extension Dispatcher {
    mutating func handle(_ request: NamesRequest, in scope: TenantScope, _ address: ReturnAddress) {
        guard let coverage = coverage(of: scope, address) else { return }
        switch request {
        case .list: outbox.send(.consumerReply(consumers(in: coverage)), to: address)
        case .remove(let names): remove(names, in: coverage, address)
        }
    }

    func consumers(in coverage: Coverage) -> [StatusReport.ConsumerStatus] {
        delivery.all.filter { coverage == .all || coverage == .tenant(tenants.names[$0.tenant]) }.map(status)
    }

    private mutating func remove(_ names: [String], in coverage: Coverage, _ address: ReturnAddress) {
        guard check(count: names.count, address) else { return }
        var found: [StatusReport.ConsumerStatus] = []
        for name in names {
            let all = consumers(in: coverage).filter { $0.name == name }
            guard let tenant = only(all.map(\.tenant), called: "consumer \(name)", address) else { return }
            // One that is attached would come back with its next acknowledgement.
            found += all.filter { $0.tenant == tenant && !$0.isAttached }
        }
        guard !found.isEmpty else { return outbox.send(.consumerReply([]), to: address) }
        let request = consumerRemovals.begin(address, count: found.count)
        for (index, consumer) in found.enumerated() {
            let part = Part(request: request, index: index)
            outbox.write(
                .removeConsumer(ConsumerKey(tenant: consumer.tenant, name: consumer.name)),
                for: .removeConsumer(consumer, part))
        }
    }

    mutating func removed(_ consumer: StatusReport.ConsumerStatus, _ part: Part) {
        delivery.remove(tenant: tenants.index(of: consumer.tenant), name: consumer.name)
        outbox.note(.notice, "consumer removed", ["tenant": consumer.tenant, "consumer": consumer.name])
        guard let (address, consumers) = consumerRemovals.answer(part, consumer) else { return }
        outbox.send(.consumerReply(consumers), to: address)
    }

    mutating func handle(_ request: NamesRequest, _ address: ReturnAddress) {
        let identity = address.peer.identity
        switch request {
        case .list:
            let tenant = identity.isOperator ? nil : tenants.index(of: identity.tenant)
            outbox.send(.modelReply(models(of: tenant)), to: address)
        case .remove(let names):
            guard identity.isOperator else {
                return refuse(
                    .forbidden, "all tenants share the models; only an operator's key may remove any", to: address)
            }
            remove(names, address)
        }
    }

    private mutating func remove(_ models: [String], _ address: ReturnAddress) {
        guard check(count: models.count, address) else { return }
        let (offering, jobCounts) = (roster.offering, jobs.countOfModel)
        let found = Set(models).compactMap(catalogue.entry).filter {
            offering[count: $0.model] == 0 && jobCounts[count: $0.model] == 0
        }
        let statuses = found.map { status(of: $0, tenant: nil) }.sorted { $0.name < $1.name }
        guard !statuses.isEmpty else { return outbox.send(.modelReply([]), to: address) }
        let request = modelRemovals.begin(address, count: statuses.count)
        for (index, model) in statuses.enumerated() {
            catalogue.forget(model.name)
            findRoutes(ofModels: [catalogue.find(model.name)].compactMap(\.self))
            let part = Part(request: request, index: index)
            outbox.write(.forgetOffer(model.name), for: .removeModel(model, part))
        }
    }

    mutating func removed(_ model: StatusReport.ModelStatus, _ part: Part) {
        outbox.note(.notice, "model removed", ["model": model.name])
        guard let (address, models) = modelRemovals.answer(part, model) else { return }
        outbox.send(.modelReply(models), to: address)
    }

    mutating func removalFailed(_ address: ReturnAddress?, _ error: StoreError) {
        guard let address else { return }
        refuse(.unavailable, "the store cannot do this now: \(error.forTenants)", to: address)
    }

    private mutating func check(count: Int, _ address: ReturnAddress) -> Bool {
        guard count > Limit.jobs else { return true }
        refuse(.tooLarge, "\(count) names in one message; at most \(Limit.jobs) are taken", to: address)
        return false
    }
}
