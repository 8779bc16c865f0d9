import JobStore

extension StoreError {
    /// What a tenant is told. Where the store is, and what ails it, is the operator's to know: the log has it.
    var forTenants: String {
        switch code {
        case .full: "no space is left for the broker's job store"
        case .overloaded: "the broker's job store is behind"
        default: "the broker's job store failed, and its operator must look at it"
        }
    }
}
