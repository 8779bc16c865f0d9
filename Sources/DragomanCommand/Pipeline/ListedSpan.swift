package import JobModel

/// What of a list of jobs is still to be read, so that it ends where it ended when it was begun.
package struct ListedSpan: Sendable {
    private let filter: JobFilter
    private var place: UInt64? = 0
    private var end: UInt64?
    private var begin: ContinuousClock.Instant?

    package init(_ filter: JobFilter) { self.filter = filter }

    /// Whether all has been read.
    package var isAtEnd: Bool { place == nil }

    /// - Returns: nil: nothing is left.
    package func request(at now: ContinuousClock.Instant) -> JobListRequest? {
        guard let place else { return nil }
        var filter = filter
        // Ages are those at the beginning. And a place whose job is removed may be another's later, which was accepted
        // after it.
        if let begin {
            let age = UInt64(max((now - begin) / .milliseconds(1), 0))
            // As old as the broker counts.
            filter.olderThanMilliseconds = min(filter.olderThanMilliseconds, .max - age) + age
        }
        return JobListRequest(filter, after: place, upTo: end)
    }

    /// - Parameter now: When the page was there: no later, or jobs of the beginning would be too young.
    package mutating func take(_ page: JobList, at now: ContinuousClock.Instant) {
        begin = begin ?? now
        end = end ?? page.last
        // A broker that went back would go on for ever.
        place = page.next.flatMap { next in place.flatMap { next > $0 ? next : nil } }
    }

    /// To read it once more, from the same beginning to the same end.
    package mutating func restart() { place = 0 }
}
