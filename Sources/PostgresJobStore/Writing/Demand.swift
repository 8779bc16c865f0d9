import JobModel
import JobStore

/// The rows that writes have to do with.
struct Demand {
    private(set) var jobs: Set<JobKey> = []
    /// Chunks that writes change or finish.
    private(set) var chunks: Set<Name> = []
    /// How many different chunks of each job may be finished.
    private(set) var finishes: [JobKey: Int] = [:]
    private(set) var tenants: Set<String> = []
    private(set) var consumers: Set<ConsumerKey> = []
    private(set) var offers: Set<String> = []
    private(set) var newJobs = 0

    struct Name: Hashable {
        var job: JobKey
        var chunk: UInt32
    }

    init(_ writes: some Sequence<Write>) {
        var finished: Set<Name> = []
        for write in writes {
            switch write {
            case .insert(let stored):
                jobs.insert(JobKey(tenant: stored.tenant, id: stored.job.id))
                newJobs += 1
            case .recognize(let key, _): jobs.insert(key)
            case .lease(let key, let chunk, _), .requeue(let key, let chunk, _, _):
                jobs.insert(key)
                chunks.insert(Name(job: key, chunk: chunk))
            case .finish(let key, let chunk, _):
                jobs.insert(key)
                tenants.insert(key.tenant)
                chunks.insert(Name(job: key, chunk: chunk))
                if finished.insert(Name(job: key, chunk: chunk)).inserted { finishes[key, default: 0] += 1 }
            case .end(let key, _, _, _, _), .dropDead(let key):
                jobs.insert(key)
                tenants.insert(key.tenant)
            case .acknowledge(let tenant, let consumer, _):
                tenants.insert(tenant)
                consumers.insert(ConsumerKey(tenant: tenant, name: consumer))
            case .retryDead(let key, let newID, _):
                jobs.formUnion([key, JobKey(tenant: key.tenant, id: newID)])
                tenants.insert(key.tenant)
                newJobs += 1
            case .offer(let offer): offers.insert(offer.name)
            case .forgetOffer(let name): offers.insert(name)
            case .removeConsumer(let key): consumers.insert(key)
            case .seen(let keys, let models, _):
                consumers.formUnion(keys)
                offers.formUnion(models)
            // Nothing is read before.
            case .keepGlossary, .removeGlossary, .purge: break
            }
        }
    }
}
