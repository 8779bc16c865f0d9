package import JobModel

/// Reports of jobs, one after the other.
package struct ReportOutput: Sendable {
    private let isJSON: Bool
    package private(set) var bytes: [UInt8] = []
    package private(set) var hasUnknown = false

    package init(json: Bool) { isJSON = json }

    /// - Parameter endpoint: The broker's, with JSON only; nil: it is not said.
    package mutating func add(_ report: JobReport, at endpoint: String? = nil) {
        hasUnknown = hasUnknown || report.state == nil
        if isJSON {
            var json = JSONText()
            json.report(report, at: endpoint)
            bytes += json.bytes + [UInt8(ascii: "\n")]
        } else {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "\n")) }
            bytes += Array(JobReportText.text(report).utf8)
        }
    }

    /// A job and one word about it: `id state`.
    ///
    /// - Parameter tenant: Whose it is; with JSON only.
    package mutating func add(_ id: JobID, _ state: JobState?, of tenant: String? = nil) {
        hasUnknown = hasUnknown || state == nil
        let word = state.map { "\($0)" } ?? "unknown"
        if isJSON {
            var json = JSONText()
            json.object { json in
                json.member("job_id", id.description)
                if let tenant { json.member("tenant", tenant) }
                json.member("state", word)
            }
            bytes += json.bytes + [UInt8(ascii: "\n")]
        } else {
            bytes += Array("\(id)  \(word)\n".utf8)
        }
    }

    func write() throws(CommandError) { try OutputFile.standardOutput.finish(with: bytes) }
}
