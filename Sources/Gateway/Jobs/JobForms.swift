package import JobModel

/// How jobs and what becomes of them are written as JSON: as the commands of this program read and write them.
package struct JobForms: Sendable {
    /// One job, or `{"jobs": […]}`. Throws `.invalid`, with what is wrong and where.
    package var jobs: @Sendable ([UInt8]) throws(GatewayError) -> (jobs: [Job], isList: Bool)
    package var record: @Sendable (Record) -> [UInt8]
    package var report: @Sendable (JobReport) -> [UInt8]
    package var status: @Sendable (StatusReport) -> [UInt8]

    package init(
        jobs: @escaping @Sendable ([UInt8]) throws(GatewayError) -> (jobs: [Job], isList: Bool),
        record: @escaping @Sendable (Record) -> [UInt8], report: @escaping @Sendable (JobReport) -> [UInt8],
        status: @escaping @Sendable (StatusReport) -> [UInt8]
    ) {
        self.jobs = jobs
        self.record = record
        self.report = report
        self.status = status
    }
}
