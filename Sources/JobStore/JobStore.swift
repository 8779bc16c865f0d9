package import JobModel

/// Where jobs, results and cursors outlive the broker. One broker at a time has a store.
///
/// All calls block. `commit` and `close` are one thread's at a time; reads may run beside them on other threads, and see
/// what was committed before they began.
package protocol JobStore: Sendable {
    /// Called once, before anything else: begins a new epoch, and tells what is there. A store that cannot be written to, but
    /// read, may say so in `Recovery.problem`; then `mend` begins the epoch.
    func recover() throws(StoreError) -> Recovery

    /// Carries out writes in their order in one transaction that is durable when this returns. All or nothing: when it
    /// throws, none of them has happened.
    func commit(_ writes: [Write]) throws(StoreError) -> [WriteOutcome]

    /// What workers need to translate chunks, in the order of `chunks`; nil for one whose job is not there.
    func contents(of chunks: [(job: JobKey, chunk: UInt32)]) throws(StoreError) -> [ChunkContent?]

    /// Records of a tenant's log after a sequence number, in order, as they were written: at most `limit`, and not more
    /// `bytes` than one record takes by itself.
    func encodedRecords(
        of tenant: String, after sequence: UInt64, limit: Int, bytes: Int
    ) throws(StoreError) -> [EncodedRecord]

    /// The oldest record's sequence number that is kept; nil when there is none.
    func firstSequence(of tenant: String) throws(StoreError) -> UInt64?

    /// nil: there is no such job. Of a job that has not ended, the state is `.queued`; who has it is the broker's to know.
    func report(on job: JobKey) throws(StoreError) -> JobReport?

    /// Dead jobs of a tenant that died after a sequence number, oldest first.
    func deadLetters(of tenant: String, after sequence: UInt64, limit: Int) throws(StoreError) -> [JobReport]

    /// Dead jobs of all tenants, by tenant, and of each the oldest first: those after a sequence number of a tenant's, and
    /// those of the tenants after it.
    func deadLetters(
        fromTenant tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport]

    /// A page of jobs in the order of acceptance. It looks at `JobSelection.lookedAtMaximum` at most.
    func jobs(_ selection: JobSelection) throws(StoreError) -> JobList

    /// The tenants that have a job of each of these ids, in order.
    func tenants(with ids: [JobID]) throws(StoreError) -> [[String]]

    /// That what is written is still found at the next start: its files may have been deleted, or others put in their
    /// place.
    func checkPlace() throws(StoreError)

    /// Tries to write where that was impossible when it was recovered; the epoch that was announced begins then.
    ///
    /// - Throws: Why it still cannot be written to.
    func mend() throws(StoreError)

    /// Has a function called, on any thread, when the store's own time is over (see `StoreError.endsEpoch`): reads and writes
    /// that wait for an answer may find that out only later.
    func whenEpochEnds(_ report: @escaping @Sendable (StoreError) -> Void)

    /// Leaves a mark that the store was not torn out of a running broker.
    func close() throws(StoreError)
}

extension JobStore {
    package func checkPlace() throws(StoreError) {}
    package func mend() throws(StoreError) {}
    package func whenEpochEnds(_ report: @escaping @Sendable (StoreError) -> Void) {}
}
