package import JobModel

/// What a store holds, in a form that another kind of store can take. First the store itself, and a job before its records.
package enum StoredItem: Sendable {
    /// - Parameter wasClosed: Whether its last broker ended well.
    case store(history: LogID, epoch: UInt64, age: UInt64, wasClosed: Bool)
    /// - purged: The last record that was purged.
    case log(tenant: String, last: UInt64, purged: UInt64)
    /// See `LogAge`.
    case mark(tenant: String, age: UInt64, sequence: UInt64)
    case consumer(Recovery.Consumer)
    case offer(Recovery.Offer)
    case glossary(Recovery.KeptGlossary)
    /// - Parameter content: Of a job that may still be translated.
    case job(JobImage, content: Job?, chunks: [UInt32: ChunkImage])
    case record(tenant: String, EncodedRecord, job: Int64, state: JobState)
}
