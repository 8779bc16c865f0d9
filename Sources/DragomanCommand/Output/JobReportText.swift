import Foundation
package import JobModel

/// What `dragoman job` writes for people.
package enum JobReportText {
    package static func text(_ report: JobReport) -> String {
        var rows = [["job", report.job.description], ["state", report.state.map { "\($0)" } ?? "unknown"]]
        guard report.state != nil else { return TextTable.text(rows) }
        if !report.tenant.isEmpty { rows.append(["tenant", report.tenant]) }
        rows.append(["chunks", "\(report.chunksDone) of \(report.chunks) done, \(report.attempts.counted("attempt"))"])
        rows.append(["priority", "\(report.priority)"])
        if !report.model.isEmpty { rows.append(["model", report.model]) }
        if !report.topic.isEmpty { rows.append(["topic", report.topic]) }
        rows.append(["accepted", time(report.acceptedAt)])
        if let finished = report.finishedAt { rows.append(["finished", time(finished)]) }
        if let expires = report.expiresAt { rows.append(["expires", time(expires)]) }
        if let sequence = report.sequence { rows.append(["record", "\(sequence)"]) }
        if let failure = report.failure { rows.append(["error", "\(failure.code): \(failure.message)"]) }
        if let job = report.retryOf { rows.append(["retry of", job.description]) }
        return TextTable.text(rows)
    }

    /// In UTC, as logs have it: `2026-11-22T05:24:00Z`.
    package static func time(_ milliseconds: UInt64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    }
}
