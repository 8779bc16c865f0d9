import JobModel
import JobStore
import Wire

// What is in columns that SQL does not look into: messages of `Protos/dragoman/store/v1/store.proto`. Rows of before are
// read as they are, and stay so: to write them again, with the chain of their log, would take a start as long as the store
// is large, and twice its space.

extension EncodedRecord {
    /// - Parameter body: Of the table `record`; of a row that is whole.
    init(sequence: UInt64, body: [UInt8]) throws(ValueError) {
        if Blob.isBlob(body) {
            self.init(try Blob.value(Record.self, from: body))
        } else {
            self.init(sequence: sequence, bytes: body)
        }
    }
}

extension JobPlan {
    /// What `init` reads, in this order.
    static let columns = "plan, model, topic, trace, accepted_at, retry_of"

    /// - Parameter row: With `columns` from the index on.
    init(of job: JobID, _ row: some StoredColumns, from index: Int, _ statements: Statements) throws {
        let bytes = try row.bytes(index)
        if Blob.isBlob(bytes) {
            let old = try Blob.value(OldPlan.self, from: bytes)
            self.init(draft: Record(draftOf: job), chunks: old.chunks, languages: old.languages)
            draft.trace = row.text(index + 3)
        } else {
            self = try statements.decoder.plan(bytes, of: job)
        }
        draft.model = row.text(index + 1)
        draft.topic = row.text(index + 2)
        draft.acceptedAt = try row.count(index + 4)
        draft.retryOf = try row.optionalJobID(index + 5)
    }
}

extension StoredJob {
    var encodedPlan: [UInt8] {
        JobPlan(draft: draft, chunks: chunks, languages: job.model.languages).storedApart
    }
}

extension JobPlan {
    /// As `init` reads it: what has a column is not in it. (`trace` has one for the rows of before.)
    var storedApart: [UInt8] {
        var plan = self
        plan.draft.model = ""
        plan.draft.topic = ""
        plan.draft.acceptedAt = 0
        plan.draft.retryOf = nil
        return StoredMessage.plan(plan)
    }
}

extension Statements {
    /// - Parameter body: Of the table `content`.
    func content(_ body: [UInt8]) throws -> Job {
        Blob.isBlob(body) ? try Blob.value(from: body) : try decoder.content(body)
    }

    /// - Parameter bytes: Of the table `chunk`.
    func outputs(_ bytes: [UInt8]) throws -> [Output] {
        Blob.isBlob(bytes) ? try Blob.value(from: bytes) : try decoder.outputs(bytes)
    }
}
