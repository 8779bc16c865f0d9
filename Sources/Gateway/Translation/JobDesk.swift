package import JobModel

/// Where jobs are handed in and their results waited for: a broker, or a test.
package protocol JobDesk: Sendable {
    /// Submits jobs, and waits for their final records. When the task is cancelled, so are the jobs.
    ///
    /// - Returns: One record for each job, in their order.
    func run(_ jobs: [Job]) async throws(GatewayError) -> [Record]

    /// Submits jobs that live on by themselves.
    func submit(_ jobs: [Job]) async throws(GatewayError) -> [Verdict]

    /// What is known of a job; its state is nil when it is not known.
    func report(of job: JobID) async throws(GatewayError) -> JobReport

    /// The final record of a job; nil: it has not ended, or its record is kept no more.
    func record(of report: JobReport) async throws(GatewayError) -> Record?

    /// Ends a job that has not ended yet.
    ///
    /// - Returns: Its state afterwards; nil: there is no such job.
    func cancel(_ job: JobID) async throws(GatewayError) -> JobState?

    /// A consumer's results.
    ///
    /// - Parameter first: Where to begin; nil: after what was acknowledged.
    func follow(consumer: String, from first: UInt64?) async throws(GatewayError) -> ResultStream

    /// The broker at a glance.
    func status() async throws(GatewayError) -> StatusReport

    /// The models that workers offer.
    func models() async throws(GatewayError) -> [StatusReport.ModelStatus]
}
