import Dispatching
import JobModel
import SettingValues
import TestKit
import Testing

@Suite("Workers that cannot load a model")
struct UnavailableModelTests {
    private static let failure = Failure("model_unavailable", "no such folder")

    private func notes(_ rig: Rig) -> [String] {
        rig.notes.filter { $0.message.contains("model") }.map {
            "\($0.level) \($0.message.contains("again")) \($0.fields["instance"] ?? "") \($0.fields["model"] ?? "")"
        }
    }

    @Test("it costs no attempt, the chunks go to another worker, and it is logged once")
    func besideAHealthyOne() throws {
        var settings = DispatchSettings()
        settings.broker.attemptsMax = 1
        var rig = Rig(settings)
        rig.hello("bad", window: 100)
        rig.hello("good", window: 20)
        rig.submit((1...100).map { Rig.job($0) })
        for _ in 0..<200 {
            for assignment in rig.takeAssigned(for: Rig.worker("bad")) {
                rig.fail(assignment.lease, Self.failure, by: "bad")
            }
            for assignment in rig.takeAssigned(for: Rig.worker("good")) { rig.done(assignment, by: "good") }
        }
        let ended = rig.log()
        #expect(ended.count == 100)
        #expect(ended.allSatisfy { $0.state == .done && $0.attempts == 1 })
        #expect(notes(rig) == ["warning false bad en-fr"])
    }

    @Test("where no other has the model, chunks wait for it, one is tried after waits that grow, and then all go")
    func alone() throws {
        var rig = Rig()
        rig.hello(window: 100)
        rig.submit((1...10).map { Rig.job($0) })
        let given = rig.takeAssigned()
        #expect(given.count == 10)
        for assignment in given { rig.fail(assignment.lease, Self.failure) }
        var tries: [UInt64] = []
        let start = rig.now.monotonic
        while rig.now.monotonic < start + 60_000_000_000 {
            rig.advance(milliseconds: 100)
            rig.beat([])
            let again = rig.takeAssigned()
            if again.isEmpty { continue }
            #expect(again.count == 1 && again[0].attempt == 1)
            tries.append((rig.now.monotonic - start) / 1_000_000_000)
            if tries.count < 5 { rig.fail(again[0].lease, Self.failure) } else { rig.done(again[0]) }
            if tries.count == 5 { break }
        }
        #expect(tries.count == 5)
        #expect(zip(tries, tries.dropFirst()).allSatisfy { $1 - $0 >= $0 / 2 }, "\(tries)")
        // It has loaded it.
        #expect(rig.takeAssigned().count == 9)
        #expect(notes(rig) == ["warning false w en-fr", "notice true w en-fr"])
        #expect(rig.log().map(\.state) == [.done])
    }

    @Test("a job whose model no worker can load waits until its deadline, and status says so")
    func deadline() throws {
        var rig = Rig()
        rig.hello()
        var job = Rig.job(1)
        job.deadlineMilliseconds = 30_000
        rig.submit([job])
        rig.fail(try #require(rig.takeAssigned().first).lease, Self.failure)
        rig.receive(.statusQuery(), from: Rig.producer())
        guard case .statusReport(let report)? = rig.take(for: Rig.producer()).first else {
            return #expect(Bool(false))
        }
        #expect(report.workers.map { $0.unavailableModels.map(\.name) } == [["en-fr"]])
        #expect(report.models.map(\.workers) == [0] && report.models.map(\.queuedChunks) == [1])
        for _ in 0..<35 {
            rig.advance(milliseconds: 1000)
            rig.beat([])
            for assignment in rig.takeAssigned() { rig.fail(assignment.lease, Self.failure) }
        }
        #expect(rig.end(1)?.state == .expired && rig.end(1)?.attempts == 0)
    }

    @Test("a worker that withdraws the model and offers it again is believed at once")
    func withdrawn() throws {
        var rig = Rig()
        let german = ModelOffer(name: "en-de", sourceLanguage: "en", targetLanguage: "de")
        rig.hello(models: [Rig.model, german], incarnation: 1)
        var job = Rig.job(1)
        job.model = .named("en-fr")
        rig.submit([job])
        let lease = try #require(rig.takeAssigned().first).lease
        let unavailable = UnavailableModel(name: "en-fr", reason: "no such folder")
        #expect(
            rig.hello(leases: [lease], models: [german], incarnation: 1, unavailable: [unavailable])?.leases == [lease])
        rig.fail(lease, Self.failure)
        rig.work(milliseconds: 60_000)
        #expect(rig.takeAssigned().isEmpty)
        rig.hello(models: [Rig.model, german], incarnation: 1)
        let again = try #require(rig.takeAssigned().first)
        #expect(again.attempt == 1)
        #expect(notes(rig) == ["warning false w en-fr", "notice true w en-fr"])
        #expect(rig.notes.first { $0.fields["model"] != nil }?.fields["problem"] == "no such folder")
        rig.done(again)
        #expect(rig.end(1)?.state == .done)
    }

    @Test("I5: a suspect that was not begun is still one")
    func suspect() throws {
        var rig = Rig()
        rig.hello("w")
        rig.submit([Rig.job(1)])
        #expect(rig.takeAssigned().count == 1)
        rig.crash("w")
        rig.hello("v")
        let alone = try #require(rig.takeAssigned(for: Rig.worker("v")).first)
        #expect(alone.isAlone)
        rig.fail(alone.lease, Self.failure, by: "v")
        rig.hello("u")
        #expect(rig.takeAssigned(for: Rig.worker("u")).map(\.isAlone) == [true])
    }

    @Test("an error of that name that will not pass ends the job")
    func permanent() throws {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        rig.fail(try #require(rig.takeAssigned().first).lease, Self.failure, isRetryable: false)
        #expect(rig.end(1)?.state == .dead)
    }
}
