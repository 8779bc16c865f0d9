package import JobModel

/// How many jobs a question is about, and whose they may be.
package struct CancellationExtent: Sendable, Equatable {
    private let count: Int
    private let isWhole: Bool
    private let scope: TenantScope?

    /// - Parameters:
    ///   - count: Of the jobs that were listed.
    ///   - isWhole: Whether there are no others.
    ///   - scope: nil: the key's own tenant. The jobs that were listed may be of fewer tenants than those that follow.
    package init(count: Int, isWhole: Bool, scope: TenantScope?) {
        self.count = count
        self.isWhole = isWhole
        self.scope = scope
    }

    package var question: String {
        let whose =
            switch scope {
            case nil: "your own tenant"
            case .tenant(let name): "tenant \(ControlCharacters.escaped(name))"
            case .all, .visible: "all tenants"
            }
        return "Cancel \(isWhole ? "" : "at least ")\(Quantity.counted(count, "job")) of \(whose)? [y/N] "
    }
}
