import JobModel

struct ChunkKey: Hashable {
    var job: Int64
    var chunk: UInt32
}

/// Where a tenant's log ends, and where it begins.
struct LogEnd: Equatable {
    var last: UInt64 = 0
    var purged: UInt64 = 0
}

struct Cursor: Equatable {
    var acknowledged: UInt64 = 0
    var seenAt: UInt64 = 0
}

struct RecordRow {
    var tenant: String
    var job: Int64
    var state: JobState
    var encoded: EncodedRecord
}
