import JobModel

/// Ours; GRDB has a class of this name.
typealias Record = JobModel.Record
