package import JobModel

extension Failure {
    /// What consumers are told in place of what is damaged. Where the store is, and what ails it, is the operator's to
    /// know.
    package static let storeDamaged = Failure(
        "store_damaged",
        "the broker's disk did not give back what was written, and this is lost; submit the job again under another id")
}
