package import JobModel

/// A page of jobs that a store is to read.
package struct JobSelection: Sendable, Hashable {
    /// nil: of all tenants.
    package var tenant: String?
    /// As the store has them: a job is queued until it has ended. Empty: any.
    package var states: Set<JobState> = []
    /// nil: any.
    package var topic: String?
    package var model: String?
    /// In Unix milliseconds; nil: at any time.
    package var acceptedUpTo: UInt64?
    /// Places in the order of acceptance.
    package var after: UInt64
    package var upTo: UInt64?
    package var limit: Int

    /// How many jobs are looked at for one page, whoever's they are: what keeps a page that finds few from reading all.
    package static let lookedAtMaximum = 10_000

    /// What a page takes, about, as a message.
    package static let bytesMaximum = 256 << 10

    package init(_ request: JobListRequest, of tenant: String?, at now: UInt64) {
        self.tenant = tenant
        states = Set(request.filter.states.map { $0 == .running ? .queued : $0 })
        topic = request.filter.topic
        model = request.filter.model
        let age = request.filter.olderThanMilliseconds
        acceptedUpTo = age == 0 ? nil : now - min(now, age)
        after = request.after
        upTo = request.upTo
        limit = min(max(request.limit, 1), Limit.jobs)
    }

    /// Stores find those fast.
    package var isOfUnfinished: Bool { states == [.queued] }

    /// A bit for each state, by its number.
    package var stateBits: Int64 {
        (states.isEmpty ? Set(JobState.allCases) : states).reduce(0) { $0 | 1 << Int64($1.rawValue) }
    }

    package func matches(_ report: JobReport) -> Bool {
        guard let state = report.state, states.isEmpty || states.contains(state) else { return false }
        return (tenant ?? report.tenant) == report.tenant && (topic ?? report.topic) == report.topic
            && (model ?? report.model) == report.model && report.acceptedAt <= acceptedUpTo ?? .max
    }

    /// The end of a first look, for which nothing need be counted: there is a job a place at most.
    ///
    /// - Parameter last: The place of the newest job.
    package func near(_ last: UInt64) -> UInt64 {
        min(upTo ?? .max, last, min(after, .max - UInt64(Self.lookedAtMaximum)) + UInt64(Self.lookedAtMaximum))
    }

    /// What a page is like.
    ///
    /// - Parameters:
    ///   - jobs: With their places.
    ///   - found: The place of the last job that was read, where so many were read as may be; nil: fewer were.
    ///   - reach: How far was looked; nil: to the end.
    package func page(
        _ jobs: [(place: UInt64, report: JobReport)], found: UInt64?, reach: UInt64?, last: UInt64
    ) -> JobList {
        var bytes = 0
        let fitting = jobs.prefix { job in
            bytes += job.report.roughByteCount
            return bytes <= Self.bytesMaximum
        }
        let shown = fitting.isEmpty ? jobs.prefix(1) : fitting
        let next = shown.count < jobs.count ? shown.last?.place : found ?? reach
        var list = JobList()
        list.jobs = shown.map(\.report)
        list.next = next.flatMap { $0 < min(upTo ?? .max, last) ? $0 : nil }
        list.last = last
        return list
    }
}

extension JobReport {
    fileprivate var roughByteCount: Int {
        let texts = [tenant, model, topic, failure?.code ?? "", failure?.message ?? ""]
        return texts.reduce(100) { $0 + $1.utf8.count }
    }
}
