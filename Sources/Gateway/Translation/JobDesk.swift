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

    /// Dead jobs, in the order of their death.
    ///
    /// - Parameter after: Those that died after this record.
    func deadJobs(after sequence: UInt64, limit: Int) async throws(GatewayError) -> [JobReport]

    /// Submits dead jobs again, under new ids.
    ///
    /// - Returns: The new jobs. What is not dead is left out.
    func retryDeadJobs(_ ids: [JobID]) async throws(GatewayError) -> [JobReport]

    /// Takes jobs off the list of the dead.
    ///
    /// - Returns: Those that were on it.
    func dropDeadJobs(_ ids: [JobID]) async throws(GatewayError) -> [JobReport]

    /// A consumer's results.
    ///
    /// - Parameter first: Where to begin; nil: after what was acknowledged.
    func follow(consumer: String, from first: UInt64?) async throws(GatewayError) -> ResultStream

    /// The broker at a glance.
    func status() async throws(GatewayError) -> StatusReport

    /// The glossaries that are kept, without their terms.
    func glossaries() async throws(GatewayError) -> [NamedGlossary]

    /// A glossary with its terms; nil: there is none of that name.
    func glossary(named name: String) async throws(GatewayError) -> NamedGlossary?

    /// Keeps a glossary, unless there is one of its name.
    ///
    /// - Returns: What is kept; nil: there is one.
    func keep(_ glossary: NamedGlossary) async throws(GatewayError) -> NamedGlossary?

    /// - Returns: Whether there was one.
    func removeGlossary(named name: String) async throws(GatewayError) -> Bool

    /// The models that workers offer.
    func models() async throws(GatewayError) -> [StatusReport.ModelStatus]
}
