package import JobModel

/// How many jobs a question is about, and whose they are.
package struct CancellationExtent: Sendable, Equatable {
    private let count: Int
    private let hasMore: Bool
    private let tenants: [String]

    package init(_ jobs: [JobReport], hasMore: Bool) {
        count = jobs.count
        self.hasMore = hasMore
        tenants = Set(jobs.map(\.tenant)).sorted()
    }

    package var question: String {
        let whose =
            hasMore && tenants.count > 1
            ? "several tenants" : tenants.count > 1 ? "\(tenants.count) tenants" : "tenant \(tenants[0])"
        return "Cancel \(hasMore ? "more than " : "")\(Quantity.counted(count, "job")) of "
            + "\(ControlCharacters.escaped(whose))? [y/N] "
    }
}
