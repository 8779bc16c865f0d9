package import JobModel

/// What a look at all of a store has found.
package struct StoreFindings: Sendable, Hashable {
    /// The database's.
    package var path: String
    package var jobs = 0
    package var unfinishedJobs = 0
    package var records = 0
    package var logs = 0
    package var consumers = 0
    /// Rows that were found damaged before, and are kept.
    package var quarantined = 0
    /// nil: of a version before there were any.
    package var logID: LogID?
    package var epoch: UInt64 = 0
    /// What is damaged, a line each; a store that is damaged all over has `faultsMaximum` of them.
    package var faults: [String] = []
    /// What someone should know, and is no damage.
    package var remarks: [String] = []

    package static let faultsMaximum = 1000

    package init(path: String) { self.path = path }

    package mutating func add(_ fault: String) {
        if faults.count < Self.faultsMaximum { faults.append(fault) }
    }
}
