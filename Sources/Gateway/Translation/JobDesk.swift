package import JobModel

/// Where jobs are handed in and their results waited for: a broker, or a test.
package protocol JobDesk: Sendable {
    /// Submits jobs, and waits for their final records. When the task is cancelled, so are the jobs.
    ///
    /// - Returns: One record for each job, in their order.
    func run(_ jobs: [Job]) async throws(GatewayError) -> [Record]

    /// The models that workers offer.
    func models() async throws(GatewayError) -> [StatusReport.ModelStatus]
}
