/// The workers that have been welcomed and not been lost.
struct WorkerRoster: Sendable {
    private var workers: [Worker?] = []
    private var generations: [UInt32] = []
    private var byPeer: [Peer: WorkerRef] = [:]
    private var byInstance: [String: WorkerRef] = [:]
    /// How many workers offer each model now, by the model's index.
    private(set) var offering: [Int] = []

    static let workersMaximum = 1000

    var count: Int { byInstance.count }

    /// In an order that does not depend on hash values.
    var all: [WorkerRef] {
        workers.indices.filter { workers[$0] != nil }.map { WorkerRef(slot: $0, generation: generations[$0]) }
    }

    func find(_ peer: Peer) -> WorkerRef? { byPeer[peer] }
    func find(instance: String) -> WorkerRef? { byInstance[instance] }

    func contains(_ worker: WorkerRef) -> Bool {
        generations[worker.slot] == worker.generation && workers[worker.slot] != nil
    }

    /// Precondition: the roster contains it.
    subscript(_ worker: WorkerRef) -> Worker {
        _read {
            precondition(contains(worker), "a worker was looked up after it was lost")
            yield workers[worker.slot]!
        }
        _modify {
            precondition(contains(worker), "a worker was looked up after it was lost")
            let before = workers[worker.slot]!.offered
            yield &workers[worker.slot]!
            let after = workers[worker.slot]!.offered
            guard before != after else { return }
            count(before, by: -1)
            count(after, by: 1)
        }
    }

    mutating func add(_ worker: Worker) -> WorkerRef {
        let slot = workers.firstIndex { $0 == nil } ?? workers.count
        if slot == workers.count {
            workers.append(nil)
            generations.append(0)
        }
        workers[slot] = worker
        count(worker.offered, by: 1)
        let added = WorkerRef(slot: slot, generation: generations[slot])
        precondition(byPeer.updateValue(added, forKey: worker.peer) == nil, "a peer is two workers")
        precondition(byInstance.updateValue(added, forKey: worker.instance) == nil, "two workers have one name")
        return added
    }

    mutating func remove(_ worker: WorkerRef) {
        byPeer[self[worker].peer] = nil
        byInstance[self[worker].instance] = nil
        count(self[worker].offered, by: -1)
        workers[worker.slot] = nil
        generations[worker.slot] &+= 1
    }

    private mutating func count(_ models: [Int], by step: Int) {
        for model in models {
            while offering.count <= model { offering.append(0) }
            offering[model] += step
        }
    }
}
