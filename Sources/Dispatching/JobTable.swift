import JobModel

/// A place in the table, and which of the jobs that have had it.
struct JobRef: Sendable, Hashable {
    var slot: UInt32
    var generation: UInt32
}

struct ChunkRef: Sendable, Hashable {
    var job: JobRef
    var index: UInt32
}

/// What the broker keeps in memory of a job that has not ended.
struct LiveJob: Sendable {
    let id: JobID
    let tenant: Int
    let model: Int
    let route: Int
    let priority: UInt8
    let maximumAttempts: UInt32
    /// Unix milliseconds; the largest number: never.
    let expiresAt: UInt64
    let byteCount: Int
    /// Monotonic nanoseconds; less than zero if that was before this machine started.
    let acceptedAt: Int64
    var chunks: [LiveChunk]
    /// Some part of it has been with a worker.
    var hasBegun = false
    /// Its end is on its way to the disk: nothing of it is given out any more.
    var isEnding = false

    /// The most that a chunk has had.
    var attempts: UInt32 { chunks.reduce(0) { max($0, $1.attempts) } }

    /// A chunk of it waits for a worker.
    var isWaiting: Bool { !isEnding && chunks.contains(where: \.state.isWaiting) }
}

struct LiveChunk: Sendable {
    let cost: UInt32
    /// Those that it was charged.
    var attempts: UInt32
    /// Since the last attempt that it was charged, how often it was given to a worker that did not answer. Not durable:
    /// what it comes to is.
    var unanswered = 0
    /// A worker died with it.
    var isSuspect = false
    var state: State

    /// Exits: `queued` → leased; `waiting` → queued, suspect; `suspect` → leased; `recovered` → leased, queued, suspect;
    /// `leased` → finishing, queued, waiting, suspect; `finishing` → done, unsettled; `unsettled` → finishing, queued;
    /// any → done, when a late DONE of an older lease is taken, and any → withdrawn, when the job ends.
    enum State: Sendable, Hashable {
        /// Where in the queue.
        case queued(Int32)
        /// Until when, after a failure.
        case waiting(until: UInt64)
        case suspect
        /// Was leased when the last broker ended; its worker may come back with this token.
        case recovered(token: UInt64)
        case leased(token: UInt64)
        /// Its result is on its way to the disk.
        case finishing(token: UInt64)
        /// Its result did not reach the disk; the worker has it and is to send it again.
        case unsettled(token: UInt64, until: UInt64)
        case done
        case withdrawn

        /// Not with a worker, and not what one has done.
        var isWaiting: Bool {
            switch self {
            case .queued, .waiting, .suspect, .recovered: true
            default: false
            }
        }

        /// When it ends by itself.
        var until: UInt64? {
            switch self {
            case .waiting(let until), .unsettled(_, let until): until
            default: nil
            }
        }
    }
}

/// Chunks by where they are.
struct ChunkCounts: Sendable, Hashable {
    /// Not done, and not with a worker.
    var queued = 0
    var leased = 0

    mutating func count(_ state: LiveChunk.State, by step: Int) {
        switch state {
        case .leased: leased += step
        case .done, .withdrawn: break
        default: queued += step
        }
    }
}

/// The jobs that have not ended.
struct JobTable: Sendable {
    private var slots: [LiveJob?] = []
    private var generations: [UInt32] = []
    private var free: [UInt32] = []
    /// Of each tenant.
    private var ids: [[JobID: UInt32]] = []
    /// Of each tenant, its jobs in the order of their acceptance, linked through the slots. Those whose end is on its way
    /// to the disk have left it: where the disk is full there may be very many.
    private var ends: [Links] = []
    private var neighbours: [Links] = []
    private(set) var count = 0
    private(set) var chunks = ChunkCounts()
    private var chunksOfModel: [ChunkCounts] = []
    private var chunksOfTenant: [ChunkCounts] = []
    /// By tenant, then by model.
    private var chunksOfTenantsModel: [[ChunkCounts]] = []
    /// How many jobs are for each model, by its index.
    private(set) var countOfModel: [Int] = []

    /// - Parameter tenant: nil: all tenants.
    func chunks(of tenant: Int?) -> ChunkCounts {
        guard let tenant else { return chunks }
        return chunksOfTenant.indices.contains(tenant) ? chunksOfTenant[tenant] : ChunkCounts()
    }

    /// - Parameter tenant: nil: all tenants.
    func chunks(ofModel model: Int, tenant: Int?) -> ChunkCounts {
        guard let tenant else { return chunksOfModel.indices.contains(model) ? chunksOfModel[model] : ChunkCounts() }
        guard chunksOfTenantsModel.indices.contains(tenant), chunksOfTenantsModel[tenant].indices.contains(model)
        else { return ChunkCounts() }
        return chunksOfTenantsModel[tenant][model]
    }

    /// When the oldest job was accepted that has a chunk which waits; nil: none has.
    ///
    /// It costs as much as there are older jobs that are with workers as a whole.
    ///
    /// - Parameter tenant: nil: all tenants.
    func oldestWaiting(of tenant: Int?) -> Int64? {
        guard let tenant else { return ends.indices.compactMap { oldestWaiting(of: $0) }.min() }
        guard ends.indices.contains(tenant) else { return nil }
        var slot = ends[tenant].next
        while slot >= 0 {
            if slots[Int(slot)]!.isWaiting { return slots[Int(slot)]!.acceptedAt }
            slot = neighbours[Int(slot)].next
        }
        return nil
    }

    /// How many jobs the tenants' orders have.
    var countInOrder: Int {
        ends.reduce(0) { count, ends in
            var (count, slot) = (count, ends.next)
            while slot >= 0 { (count, slot) = (count + 1, neighbours[Int(slot)].next) }
            return count
        }
    }

    var all: [JobRef] {
        slots.indices.filter { slots[$0] != nil }.map { JobRef(slot: UInt32($0), generation: generations[$0]) }
    }

    func find(_ id: JobID, tenant: Int) -> JobRef? {
        guard ids.indices.contains(tenant), let slot = ids[tenant][id] else { return nil }
        return JobRef(slot: slot, generation: generations[Int(slot)])
    }

    func contains(_ job: JobRef) -> Bool {
        generations[Int(job.slot)] == job.generation && slots[Int(job.slot)] != nil
    }

    /// Precondition: the table contains it.
    subscript(_ job: JobRef) -> LiveJob {
        get {
            precondition(contains(job), "a job was looked up after its end")
            return slots[Int(job.slot)]!
        }
    }

    subscript(_ chunk: ChunkRef) -> LiveChunk { self[chunk.job].chunks[Int(chunk.index)] }

    mutating func insert(_ job: LiveJob) -> JobRef {
        let slot = free.popLast() ?? UInt32(slots.count)
        if slot == slots.count {
            slots.append(nil)
            generations.append(0)
            neighbours.append(Links())
        }
        slots[Int(slot)] = job
        while ids.count <= job.tenant {
            ids.append([:])
            ends.append(Links())
        }
        link(Int32(slot), tenant: job.tenant)
        precondition(ids[job.tenant].updateValue(slot, forKey: job.id) == nil, "a job was inserted twice")
        count += 1
        while countOfModel.count <= job.model { countOfModel.append(0) }
        countOfModel[job.model] += 1
        for chunk in job.chunks { count(chunk.state, model: job.model, tenant: job.tenant, by: 1) }
        return JobRef(slot: slot, generation: generations[Int(slot)])
    }

    mutating func remove(_ job: JobRef) {
        let removed = self[job]
        for chunk in removed.chunks { count(chunk.state, model: removed.model, tenant: removed.tenant, by: -1) }
        if !removed.isEnding { unlink(Int32(job.slot), tenant: removed.tenant) }
        slots[Int(job.slot)] = nil
        generations[Int(job.slot)] &+= 1
        free.append(job.slot)
        ids[removed.tenant][removed.id] = nil
        count -= 1
        countOfModel[removed.model] -= 1
    }

    mutating func set(_ state: LiveChunk.State, of chunk: ChunkRef) {
        // No copy of the job may live while its chunks change, or all of them would be copied.
        let model = self[chunk.job].model
        let tenant = self[chunk.job].tenant
        count(self[chunk].state, model: model, tenant: tenant, by: -1)
        count(state, model: model, tenant: tenant, by: 1)
        slots[Int(chunk.job.slot)]!.chunks[Int(chunk.index)].state = state
    }

    mutating func charge(_ chunk: ChunkRef) {
        precondition(contains(chunk.job))
        slots[Int(chunk.job.slot)]!.chunks[Int(chunk.index)].attempts += 1
        slots[Int(chunk.job.slot)]!.chunks[Int(chunk.index)].unanswered = 0
    }

    mutating func countUnanswered(_ chunk: ChunkRef) {
        precondition(contains(chunk.job))
        slots[Int(chunk.job.slot)]!.chunks[Int(chunk.index)].unanswered += 1
    }

    mutating func suspect(_ chunk: ChunkRef, _ isSuspect: Bool) {
        precondition(contains(chunk.job))
        slots[Int(chunk.job.slot)]!.chunks[Int(chunk.index)].isSuspect = isSuspect
    }

    /// Some part of the job is with a worker.
    ///
    /// - Returns: When the job was accepted, the first time.
    mutating func begin(_ job: JobRef) -> Int64? {
        precondition(contains(job))
        guard !slots[Int(job.slot)]!.hasBegun else { return nil }
        slots[Int(job.slot)]!.hasBegun = true
        return slots[Int(job.slot)]!.acceptedAt
    }

    /// Nothing of the job waits any more, so that it leaves the order. An end may be said again.
    mutating func end(_ job: JobRef) {
        precondition(contains(job))
        guard !slots[Int(job.slot)]!.isEnding else { return }
        unlink(Int32(job.slot), tenant: slots[Int(job.slot)]!.tenant)
        slots[Int(job.slot)]!.isEnding = true
    }

    /// Slots; less than zero: none. Of a tenant: its last job, and its first.
    private struct Links: Sendable {
        var previous: Int32 = -1
        var next: Int32 = -1
    }

    private mutating func link(_ slot: Int32, tenant: Int) {
        let last = ends[tenant].previous
        neighbours[Int(slot)] = Links(previous: last, next: -1)
        if last >= 0 { neighbours[Int(last)].next = slot } else { ends[tenant].next = slot }
        ends[tenant].previous = slot
    }

    private mutating func unlink(_ slot: Int32, tenant: Int) {
        let (previous, next) = (neighbours[Int(slot)].previous, neighbours[Int(slot)].next)
        if previous >= 0 { neighbours[Int(previous)].next = next } else { ends[tenant].next = next }
        if next >= 0 { neighbours[Int(next)].previous = previous } else { ends[tenant].previous = previous }
    }

    private mutating func count(_ state: LiveChunk.State, model: Int, tenant: Int, by step: Int) {
        while chunksOfModel.count <= model { chunksOfModel.append(ChunkCounts()) }
        while chunksOfTenant.count <= tenant {
            chunksOfTenant.append(ChunkCounts())
            chunksOfTenantsModel.append([])
        }
        while chunksOfTenantsModel[tenant].count <= model { chunksOfTenantsModel[tenant].append(ChunkCounts()) }
        chunks.count(state, by: step)
        chunksOfModel[model].count(state, by: step)
        chunksOfTenant[tenant].count(state, by: step)
        chunksOfTenantsModel[tenant][model].count(state, by: step)
    }
}
