import JobModel

/// Which worker is given what.
extension Dispatcher {
    /// A job is accepted.
    ///
    /// - Returns: its route.
    mutating func takeRoute(_ route: Routes.Route) -> Int {
        let (index, isNew) = routes.add(route)
        guard isNew else { return index }
        for worker in roster.all where serves(worker, index) { roster[worker].routes.append(index) }
        if routes.hasManyUnused { removeUnusedRoutes() }
        return index
    }

    mutating func removeUnusedRoutes() {
        routes.removeUnused()
        let all = routes.all
        for worker in roster.all { roster[worker].routes.removeAll { all[$0] == nil } }
    }

    /// Workers have said what they offer.
    mutating func findRoutes(of workers: [WorkerRef]) {
        for worker in workers { roster[worker].routes = servedRoutes(of: worker) }
    }

    /// It is known otherwise than before between which languages these translate.
    mutating func findRoutes(ofModels models: [Int]) {
        guard !models.isEmpty else { return }
        findRoutes(of: roster.all.filter { worker in models.contains { roster[worker].offers[$0] != nil } })
    }

    func servedRoutes(of worker: WorkerRef) -> [Int] {
        routes.all.indices.filter { serves(worker, $0) }
    }

    /// Those of which it may be given chunks now.
    func routes(of worker: WorkerRef) -> [Int] {
        guard !roster[worker].pauses.isEmpty else { return roster[worker].routes }
        let models = roster[worker].models(at: now.monotonic)
        return roster[worker].routes.filter { index in routes.all[index].map { models.contains($0.model) } ?? false }
    }

    /// A worker that has a model for other languages than the job's, or does not say for which, would translate it
    /// otherwise than the producer wants; so would one that has only a language that is farther from the job's than what
    /// another worker has.
    private func serves(_ worker: WorkerRef, _ index: Int) -> Bool {
        guard let route = routes.all[index], let offered = roster[worker].offers[route.model] else { return false }
        if route.languages.isEmpty { return true }
        let request = routes.request(of: index)
        guard let own = offered.languages.nearest(to: request), own.matches.count == 1 else { return false }
        let all = catalogue.entry(of: catalogue.names[route.model])?.languages.nearest(to: request)
        return own.distance <= all?.distance ?? .max
    }
}
