import DragomanClient
import Foundation
import JobModel
import Synchronization
import TestKit
import Testing

@Suite("The client, with a broker that follows a script")
struct ClientTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func endpoint(_ name: String) -> String { "ipc://\(folder.file(name).path)" }

    private func client(_ change: (inout Client.Settings) -> Void = { _ in }) throws -> Client {
        var settings = Client.Settings()
        settings.jobsEndpoints = [endpoint("jobs")]
        settings.resultsEndpoints = [endpoint("results")]
        settings.answerTimeout = .milliseconds(50)
        change(&settings)
        return try Client(settings)
    }

    @Test("jobs are submitted and their verdicts come back in order")
    func submit() async throws {
        let broker = try ScriptedBroker(at: endpoint("jobs")) { request, _ in [request.accepted] }
        defer { broker.stop() }
        let client = try client { $0.jobsPerMessage = 7 }
        let jobs = Job.tests(0..<100)
        let verdicts = try await client.submit(jobs)
        #expect(verdicts == jobs.map { Verdict(job: $0.id, .accepted(duplicate: false)) })
    }

    @Test("a glossary that does not fit into a message is not sent, and says why")
    func largeGlossary() async throws {
        let broker = try ScriptedBroker(at: endpoint("jobs")) { request, _ in [request.answer(.glossaryReply([]))] }
        defer { broker.stop() }
        let client = try client { $0.bytesPerMessage = 4096 }
        func glossary(_ terms: Int) throws -> NamedGlossary {
            let target = String(repeating: "x", count: 1000)
            return NamedGlossary("shop", try Glossary((0..<terms).map { .init(source: "\($0)", target: target) }))
        }
        #expect(try await client.keepGlossary(try glossary(3), onlyNew: true) == nil)
        let large = try glossary(5)
        let error = await #expect(throws: ClientError.self) { try await client.keepGlossary(large) }
        #expect(error?.code == .tooLarge && error?.message.contains("broker.client_frame_bytes_max") == true)
    }

    @Test("many tasks submit at once, and each gets its own verdicts")
    func manyTasks() async throws {
        let broker = try ScriptedBroker(at: endpoint("jobs")) { request, _ in [request.accepted] }
        defer { broker.stop() }
        let client = try client()
        let duplicates = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask { try await client.submit(.test(number)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(duplicates == Array(repeating: false, count: 50))
    }

    @Test("of several brokers, those that answer say how they are, whether the first does or not")
    func statuses() async throws {
        let broker = try ScriptedBroker(at: endpoint("second")) { request, _ in
            var report = StatusReport()
            report.version = "second"
            return [request.answer(.statusReport(report))]
        }
        defer { broker.stop() }
        let client = try client { $0.jobsEndpoints = [endpoint("nobody"), endpoint("second")] }
        var statuses: [Result<StatusReport, ClientError>]
        repeat {
            statuses = await client.statuses(patience: .milliseconds(300))
            try #require(statuses.count == 2)
        } while (try? statuses[1].get()) == nil
        #expect(#expect(throws: ClientError.self) { try statuses[0].get() }?.code == .noAnswer)
        #expect(try statuses[1].get().version == "second")
    }

    @Test("a broker of an older version, which does not know the list of jobs, is said to be one")
    func olderBroker() async throws {
        let broker = try ScriptedBroker(at: endpoint("jobs")) { request, _ in
            // As release 0.1.0 says it.
            let text = "field 24 of Envelope is no body that this build knows; it may be older than the sender"
            return [request.answer(.fault(Fault(.unexpected, text)))]
        }
        defer { broker.stop() }
        let client = try client()
        let error = await #expect(throws: ClientError.self) { try await client.jobs() }
        #expect(error?.code == .fault && error?.fault?.code == .unexpected)
        #expect(error?.message.contains("is of an older version, which cannot list jobs") == true)
    }

    @Test("a client that is there before its broker waits for it")
    func brokerComesLater() async throws {
        let client = try client()
        async let verdicts = client.submit(Job.tests(0..<3))
        let broker = try ScriptedBroker(at: endpoint("jobs")) { request, _ in [request.accepted] }
        defer { broker.stop() }
        #expect(try await verdicts.count == 3)
    }

    @Test("answers that are lost are asked for again, over a broker's death too")
    func brokerDies() async throws {
        let stored = Mutex<Set<JobID>>([])
        let accept: @Sendable (Envelope) -> Envelope = { request in
            let verdicts = request.jobs.map { job in
                Verdict(job: job.id, .accepted(duplicate: !stored.withLock { $0.insert(job.id).inserted }))
            }
            return request.answer(.submitReply(verdicts))
        }
        let first = try ScriptedBroker(at: endpoint("jobs")) { request, _ in
            // On the disk, but nobody hears of it.
            _ = accept(request)
            return []
        }
        let client = try client()
        async let verdicts = client.submit(Job.tests(0..<3))
        while stored.withLock({ $0.count }) < 3 { await Task.yield() }
        first.stop()
        let second = try ScriptedBroker(at: endpoint("jobs")) { request, _ in [accept(request)] }
        defer { second.stop() }
        #expect(try await verdicts.map(\.outcome) == Array(repeating: .accepted(duplicate: true), count: 3))
    }

    @Test("nobody there is an error that says where, and what to do")
    func nobody() async throws {
        let client = try client()
        let error = await #expect(throws: ClientError.self) {
            try await client.status(patience: .milliseconds(100))
        }
        #expect(error?.code == .noAnswer)
        #expect(error?.message.contains(endpoint("jobs")) == true)
    }

    @Test("a cancelled task waits no longer")
    func cancelled() async throws {
        let client = try client()
        let task = Task { try await client.submit(Job.tests(0..<3), patience: nil) }
        task.cancel()
        let error = await #expect(throws: ClientError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }

    @Test("an endpoint that is none is an error of the first call", arguments: ["tcp://", "nonsense", "ipc://"])
    func badEndpoint(text: String) async throws {
        let client = try client { $0.jobsEndpoints = [text] }
        let error = await #expect(throws: ClientError.self) { try await client.status() }
        #expect(error?.code == .connection)
    }

    @Test("a key that is none is an error")
    func badKey() throws {
        let error = #expect(throws: ClientError.self) {
            try client { $0.keys = Client.Keys(secretKey: "short", serverKey: "short") }
        }
        #expect(error?.code == .connection)
    }

    @Test("of two brokers, the job is found where it is")
    func twoBrokers() async throws {
        let brokers = try ["jobs", "other"].map { name in
            try ScriptedBroker(at: endpoint(name)) { request, _ in
                guard case .jobQuery(let id, _) = request.body else { return [] }
                return [request.answer(.jobReport(JobReport(job: id, state: name == "other" ? .running : nil)))]
            }
        }
        defer { for broker in brokers { broker.stop() } }
        let client = try client { $0.jobsEndpoints = [endpoint("jobs"), endpoint("other")] }
        #expect(try await client.job(.test(1)).state == .running)
    }

    @Test("a rejected job is an error with the broker's reason")
    func rejected() async throws {
        let broker = try ScriptedBroker(at: endpoint("jobs")) { request, _ in
            [
                request.answer(
                    .submitReply(request.jobs.map { Verdict(job: $0.id, .rejected(Rejection(.invalid, "no"))) }))
            ]
        }
        defer { broker.stop() }
        let client = try client()
        let error = await #expect(throws: ClientError.self) { try await client.submit(.test(1)) }
        #expect(error?.code == .rejected && error?.rejection?.code == .invalid)
    }
}
