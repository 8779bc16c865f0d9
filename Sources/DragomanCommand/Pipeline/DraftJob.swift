package import JobModel

/// A job, and the stretches of input that its sources come from.
package struct DraftJob: Sendable {
    package var job: Job
    /// One for each source.
    package var lines: [Line]
    /// The first source's place among all.
    package var firstIndex: Int

    package init(job: Job, lines: [Line], firstIndex: Int) {
        self.job = job
        self.lines = lines
        self.firstIndex = firstIndex
    }

    package var byteCount: Int { job.byteCount + 128 * lines.count }
}

/// What reading an input comes to, in its order.
package enum DraftItem: Sendable {
    case job(DraftJob)
    /// A line of which no job can be made.
    case failure(RequestError, line: Line, index: Int)

    package var byteCount: Int {
        switch self {
        case .job(let draft): draft.byteCount
        case .failure: 256
        }
    }
}
