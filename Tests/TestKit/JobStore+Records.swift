package import JobModel
package import JobStore
import Wire

extension EncodedRecord {
    /// What a consumer makes of it.
    package var record: Record {
        do {
            return try StoredMessageDecoder().record(bytes)
        } catch {
            preconditionFailure("a store gave out what is no record: \(error)")
        }
    }
}

extension JobStore {
    package func records(
        of tenant: String, after sequence: UInt64, limit: Int, bytes: Int
    ) throws(StoreError) -> [Record] {
        try encodedRecords(of: tenant, after: sequence, limit: limit, bytes: bytes).map(\.record)
    }
}

extension InMemoryJobStore {
    package func records(of tenant: String, after sequence: UInt64, limit: Int, bytes: Int) -> [Record] {
        encodedRecords(of: tenant, after: sequence, limit: limit, bytes: bytes).map(\.record)
    }
}
