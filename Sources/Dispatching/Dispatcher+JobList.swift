import JobModel
import JobStore

/// The list of jobs is the store's, which has all there is to say of a job, and reads a page of it beside everything else;
/// which jobs are with workers is known here alone.
extension Dispatcher {
    mutating func handle(_ request: JobListRequest, in scope: TenantScope?, _ address: ReturnAddress) {
        let tenant: String?
        switch coverage(of: scope, address) {
        case nil: return
        case .all: tenant = nil
        case .tenant(let name): tenant = name
        }
        let wish = JobListTurns.Wish(request: request, tenant: tenant, address: address)
        switch lists.add(wish) {
        case .now: read(wish)
        case .later: break
        case .never:
            refuse(
                .unavailable,
                "tenant \(address.peer.identity.tenant) has \(JobListTurns.waitingMaximum) lists of jobs to wait for; try "
                    + "again later", to: address)
        }
    }

    private mutating func read(_ wish: JobListTurns.Wish) {
        outbox.read(
            .jobs(JobSelection(wish.request, of: wish.tenant, at: now.wall)), for: .jobList(wish.request, wish.address))
    }

    /// A list of a peer has been read, or could not be.
    mutating func endList(of peer: Peer) {
        if let wish = lists.next(of: peer.identity.tenant) { read(wish) }
    }

    /// What the store knows of a page of jobs, and the broker's memory.
    func merged(_ list: JobList, _ request: JobListRequest) -> JobList {
        var list = list
        let states = request.filter.states
        list.jobs = list.jobs.map { merged($0, JobKey(tenant: $0.tenant, id: $0.job)) }
            .filter { states.isEmpty || $0.state.map(states.contains) == true }
        return list
    }
}
