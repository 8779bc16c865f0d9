package import JobModel

/// What went in and what came out of a queue, counted as Jepsen's total-queue checker does (Kingsbury 2014).
package struct TotalQueue: Sendable {
    private var attempted: Set<JobID> = []
    private var acknowledged: Set<JobID> = []
    private var delivered: [JobID: Int] = [:]

    package init() {}

    /// A producer is about to submit a job; again, perhaps.
    package mutating func attempt(_ job: JobID) { attempted.insert(job) }

    /// The broker has accepted it.
    package mutating func acknowledge(_ job: JobID) { acknowledged.insert(job) }

    /// A terminal record has come to a consumer.
    package mutating func deliver(_ job: JobID) { delivered[job, default: 0] += 1 }

    package var report: Report {
        var report = Report()
        report.attempts = attempted.count
        report.acknowledged = acknowledged.count
        for (job, count) in delivered {
            guard attempted.contains(job) else {
                report.unexpected += 1
                continue
            }
            report.ok += 1
            report.duplicated += count - 1
            if !acknowledged.contains(job) { report.recovered += 1 }
        }
        report.lost = acknowledged.count { delivered[$0] == nil }
        return report
    }

    package struct Report: Sendable, Hashable, CustomStringConvertible {
        /// Jobs that a producer tried to submit.
        package var attempts = 0
        /// Of these, those that the broker said to have accepted.
        package var acknowledged = 0
        /// Jobs that were attempted and delivered.
        package var ok = 0
        /// Acknowledged, and never delivered.
        package var lost = 0
        /// Delivered, and never attempted.
        package var unexpected = 0
        /// Deliveries of a job after its first.
        package var duplicated = 0
        /// Delivered, though no producer knows that it was accepted.
        package var recovered = 0

        package var description: String {
            """
            attempts \(attempts), acknowledged \(acknowledged), ok \(ok), lost \(lost), unexpected \(unexpected), \
            duplicated \(duplicated), recovered \(recovered)
            """
        }
    }
}
