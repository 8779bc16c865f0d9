package import JobModel

/// What `dragoman jobs` writes for people: a row for each job.
package enum JobListText {
    package static let heading = [
        "job", "state", "age", "chunks done", "attempts", "priority", "tenant", "model", "topic",
    ]

    /// Of states, ages and numbers of chunks as they may come on a later page.
    package static let widths = TextTable.Widths([32, 9, 11, 14])

    /// - Parameter now: In Unix milliseconds.
    package static func row(_ report: JobReport, at now: UInt64) -> [String] {
        [
            report.job.description, report.state.map { "\($0)" } ?? "unknown",
            StatusText.time(now - min(now, report.acceptedAt)),
            "\(Quantity.grouped(report.chunksDone)) of \(Quantity.grouped(report.chunks))",
            Quantity.grouped(report.attempts), "\(report.priority)", report.tenant, report.model, report.topic,
        ]
    }
}
