import Broker
import Dispatching
import JobModel
import JobStore
import Spans
import Testing

@Suite("The spans of a traced job")
struct JobTracerTests {
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    private static let key = JobKey(tenant: "t", id: JobID(high: 0, low: 7))
    private var tracer = JobTracer(seed: 1)

    private static func job(_ trace: String = parent) -> Job {
        var job = Job(id: key.id, [.text("Hello."), .text("Good morning.")])
        job.trace = trace
        return job
    }

    private static func assignment(chunk: UInt32 = 0, token: UInt64, attempt: UInt32 = 1) -> Assignment {
        Assignment(
            job: key, lease: LeaseName(chunk: ChunkID(job: key.id, index: chunk), token: token), attempt: attempt,
            cost: 1, deadlineMilliseconds: nil, priority: 1, isAlone: false)
    }

    private static func entry(
        _ state: JobState = .done, sequence: UInt64 = 1, _ change: (inout Record) -> Void = { _ in }
    ) -> LogEntry {
        var record = Record(sequence: sequence, job: key.id, state: state)
        record.trace = parent
        record.model = "demo"
        change(&record)
        return LogEntry(record, of: key.tenant)
    }

    private mutating func accept(_ outcome: Verdict.Outcome = .accepted(duplicate: false)) {
        tracer.submitted([Self.job()], tenant: "t", at: 100)
        tracer.answered([Verdict(job: Self.key.id, outcome)], tenant: "t", at: 110)
    }

    /// Names and times, in order.
    private mutating func lines() -> [String] {
        tracer.take().map { "\($0.name) \($0.start) \($0.end)" + ($0.problem.map { " \($0)" } ?? "") }
    }

    @Test("are accepted, queued, translated, committed, delivered, and the whole, in the trace of the caller")
    mutating func life() throws {
        accept()
        tracer.leased(Self.assignment(token: 5), to: "w", at: 200)
        tracer.leased(Self.assignment(chunk: 1, token: 6), to: "w", at: 210)
        tracer.answered(Self.assignment(token: 5).lease, problem: nil, at: 300)
        tracer.answered(Self.assignment(chunk: 1, token: 6).lease, problem: nil, at: 310)
        tracer.published([Self.entry()], at: 400)
        tracer.acknowledged(upTo: 1, tenant: "t", by: "printer", at: 500)
        let spans = tracer.take()
        #expect(
            spans.map { "\($0.name) \($0.start) \($0.end)" } == [
                "accepted 100 110", "translated 200 300", "translated 210 310", "queued 110 200", "committed 310 400",
                "job 100 400", "delivered 400 500",
            ])
        let parent = try #require(TraceParent(Self.parent))
        #expect(spans.allSatisfy { $0.trace == parent.trace && $0.problem == nil })
        let whole = try #require(spans.first { $0.name == "job" })
        #expect(whole.parent == parent.span)
        #expect(spans.allSatisfy { $0.name == "job" || $0.parent == whole.id })
        #expect(Set(spans.map(\.id)).count == spans.count)
        #expect(whole.attributes.contains(.init("dragoman.job_id", .text("\(Self.key.id)"))))
        #expect(spans.last?.attributes == [.init("dragoman.consumer", .text("printer"))])
        // It is told once.
        tracer.acknowledged(upTo: 1, tenant: "t", by: "other", at: 600)
        #expect(tracer.take().isEmpty)
    }

    @Test("say what failed, and what was lost")
    mutating func failures() {
        accept()
        tracer.leased(Self.assignment(token: 5), to: "w", at: 200)
        tracer.answered(Self.assignment(token: 5).lease, problem: "internal", at: 210)
        tracer.leased(Self.assignment(token: 6, attempt: 2), to: "w", at: 220)
        tracer.leased(Self.assignment(token: 7, attempt: 3), to: "v", at: 230)
        // Of the one that was lost.
        tracer.answered(Self.assignment(token: 6).lease, problem: nil, at: 235)
        tracer.published([Self.entry(.dead) { $0.failure = Failure("internal", "\"a text\" is wrong") }], at: 240)
        #expect(
            lines() == [
                "accepted 100 110", "translated 200 210 internal",
                "translated 220 230 the worker was lost, or has handed it back", "translated 230 240 the job has ended",
                "queued 110 200", "job 100 240 internal",
            ])
    }

    @Test("are few where a job was rejected, or was there before")
    mutating func verdicts() {
        accept(.rejected(Rejection(.invalid, "no such model")))
        #expect(lines() == ["job 100 110 invalid"])
        accept()
        // Sent again, because the answer was lost.
        accept(.accepted(duplicate: true))
        #expect(lines() == ["accepted 100 110"])
    }

    @Test("are there for a job of before the broker was started, from its record")
    mutating func restarted() {
        tracer.published([Self.entry { $0.acceptedAt = 5 }], at: 9_000_000)
        tracer.acknowledged(upTo: 1, tenant: "t", by: nil, at: 10_000_000)
        #expect(lines() == ["job 5000000 9000000", "delivered 9000000 10000000"])
        tracer.published([Self.entry { $0.acceptedAt = .max }], at: 7)
        #expect(lines() == ["job 0 7"])
    }

    @Test("do not say that a job was committed that was not done, or that a lease ended which another has")
    mutating func unfinished() {
        accept()
        tracer.leased(Self.assignment(token: 5), to: "w", at: 200)
        // Another chunk beside a token that is known.
        tracer.answered(Self.assignment(chunk: 1, token: 5).lease, problem: nil, at: 205)
        tracer.answered(Self.assignment(token: 5).lease, problem: nil, at: 210)
        tracer.published([Self.entry(.cancelled)], at: 300)
        #expect(
            lines() == ["accepted 100 110", "translated 200 210", "queued 110 200", "job 100 300"])
    }

    @Test("are none where the caller records nothing, or there is no trace, or it is none")
    mutating func untraced() {
        for trace in ["", "hello", Self.parent.dropLast() + "0"] {
            tracer.submitted([Self.job(String(trace))], tenant: "t", at: 100)
            tracer.answered([Verdict(job: Self.key.id, .accepted(duplicate: false))], tenant: "t", at: 110)
            tracer.published([Self.entry { $0.trace = String(trace) }], at: 120)
        }
        tracer.published([Self.entry(.running) { $0.pieces = [Piece(source: 0)] }], at: 130)
        #expect(tracer.take().isEmpty)
    }
}
