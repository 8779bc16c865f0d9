import JobModel

/// Which jobs go to the same workers: those for one model that name the same languages, or none.
///
/// Workers may have one model for different languages. So the queue keeps chunks apart by route, and a worker is given
/// those of the routes that it serves.
struct Routes: Sendable {
    struct Route: Sendable, Hashable {
        var model: Int
        /// In the one spelling that Dragoman writes.
        var languages: LanguageSelection

        init(model: Int, languages: LanguageSelection) {
            self.model = model
            self.languages = OfferedLanguages.Request(languages).canonical
        }
    }

    /// By index; nil: free.
    private(set) var all: [Route?] = []
    private var requests: [OfferedLanguages.Request] = []
    private var indices: [Route: Int] = [:]
    /// How many jobs are on each.
    private var jobCounts: [Int] = []
    private var free: [Int] = []
    private var usedCount = 0

    /// The most that jobs may be on at a time: looking for a worker's next chunk passes over all that it serves.
    static let usedMaximum = 2000

    /// Whether there may be many on which no job is.
    var hasManyUnused: Bool { indices.count > 2 * usedCount + 64 }

    /// Whether a job on the route is one too many.
    func isFull(for route: Route) -> Bool {
        usedCount >= Self.usedMaximum && !route.languages.isEmpty && (indices[route].map { jobCounts[$0] } ?? 0) == 0
    }

    /// A job is on the route.
    mutating func add(_ route: Route) -> (index: Int, isNew: Bool) {
        if let index = indices[route] {
            if jobCounts[index] == 0 { usedCount += 1 }
            jobCounts[index] += 1
            return (index, false)
        }
        let index = free.popLast() ?? all.count
        if index == all.count {
            all.append(route)
            requests.append(OfferedLanguages.Request(route.languages))
            jobCounts.append(1)
        } else {
            (all[index], jobCounts[index]) = (route, 1)
            requests[index] = OfferedLanguages.Request(route.languages)
        }
        indices[route] = index
        usedCount += 1
        return (index, true)
    }

    /// A job has left the route, which stays: another such job is likely to come.
    mutating func leave(_ index: Int) {
        jobCounts[index] -= 1
        precondition(jobCounts[index] >= 0, "a job has left its route twice")
        if jobCounts[index] == 0 { usedCount -= 1 }
    }

    func request(of index: Int) -> OfferedLanguages.Request { requests[index] }

    func jobCount(of index: Int) -> Int { jobCounts[index] }

    /// Forgets those on which no job is.
    mutating func removeUnused() {
        for (index, route) in all.enumerated() {
            guard let route, jobCounts[index] == 0 else { continue }
            indices[route] = nil
            all[index] = nil
            free.append(index)
        }
    }
}
