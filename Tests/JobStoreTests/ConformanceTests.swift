import JobModel
import JobStore
import TestKit
import Testing

/// What every store does, whatever it is made of.
@Suite("Every store")
struct ConformanceTests {
    private let key = JobKey.test(1)
    private let noSuchJob = JobKey.test(99)

    @Test(
        "takes a job once, knows it again by its digest, and refuses another with its id", arguments: StoreKind.allCases
    )
    func insert(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let job = StoredJob.test(key)
        #expect(try it.commit(.insert(job), .insert(job)) == [.inserted(QueuedJob(job)), .duplicate])
        #expect(try it.commit(.insert(job)) == [.duplicate])
        #expect(try it.commit(.insert(.test(key, digest: [2]))) == [.conflict])
        let other = StoredJob.test(.test(1, tenant: "other"), digest: [2])
        #expect(try it.commit(.insert(other)) == [.inserted(QueuedJob(other))])
        try it.restart()
        #expect(it.recovery.jobs == [QueuedJob(job), QueuedJob(other)])
    }

    @Test("still knows a job that has ended", arguments: StoreKind.allCases)
    func duplicateOfEnded(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        try it.commit(.insert(.test(key)), .finish(key, chunk: 0, .test("Bonjour.")))
        #expect(try it.commit(.insert(.test(key)), .insert(.test(key, digest: [2]))) == [.duplicate, .conflict])
    }

    @Test("the first finish of a chunk wins, and the last chunk's ends the job", arguments: StoreKind.allCases)
    func finish(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        try it.commit(.insert(.test(key, texts: ["a", "b"])))
        #expect(try it.commit(.finish(key, chunk: 1, .test("B", attempts: 3))) == [.finished(records: [])])
        #expect(try it.commit(.finish(key, chunk: 1, .test("x"))) == [.alreadyTerminal])
        #expect(try it.records() == [])
        let last = try it.commit(.finish(key, chunk: 0, .test("A", at: 3000)), .finish(key, chunk: 0, .test("y")))
        #expect(last[1] == .alreadyTerminal)
        let records = try it.records()
        #expect(last[0] == .finished(records: records.map { LogEntry($0, of: "default") }))
        let record = try #require(records.first)
        #expect(records.count == 1)
        #expect(record.sequence == 1)
        #expect(record.job == key.id)
        #expect(record.state == .done)
        #expect(record.outputs.map { $0.hypotheses.map(\.text) } == [["A"], ["B"]])
        #expect(record.outputs.allSatisfy { $0.hypotheses[0].segmentScores.isEmpty })
        #expect(record.attempts == 3)
        #expect(record.acceptedAt == 1000)
        #expect(record.finishedAt == 3000)
        #expect((record.topic, record.trace, record.model) == ("orders", "trace", "opus"))
        #expect(
            try it.commit(.end(key, .cancelled, Failure("cancelled", ""), attempts: 1, at: 1)) == [.alreadyTerminal])
        #expect(try it.commit(.finish(noSuchJob, chunk: 0, .test("x"))) == [.alreadyTerminal])
        #expect(try it.store.contents(of: [(key, 0)]) == [nil])
        try it.crash()
        #expect(it.recovery.jobs == [])
        #expect(it.recovery.lastSequences == ["default": 1])
        #expect(try it.records() == records)
    }

    @Test("refuses outputs that are not one for each piece", arguments: StoreKind.allCases)
    func mismatch(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        try it.commit(.insert(.test(key)))
        let none = ChunkResult(outputs: [Output(hypotheses: [])], attempts: 1, finishedAt: 1)
        let outcomes = try it.commit(
            .finish(key, chunk: 0, .test()), .finish(key, chunk: 0, .test("a", "b")), .finish(key, chunk: 0, none),
            .finish(key, chunk: 1, .test("a")))
        #expect(outcomes == Array(repeating: .mismatch, count: 4))
        #expect(try it.store.report(on: key)?.state == .queued)
        #expect(try it.records() == [])
    }

    @Test("logs each chunk of a job that asked for partial results, and then the whole", arguments: StoreKind.allCases)
    func partialRecords(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let job = StoredJob.test(key, texts: ["a", "b"]) { $0.wantsPartialResults = true }
        try it.commit(.insert(job))
        let first = try it.commit(.finish(key, chunk: 1, .test("B")))[0].entries
        let second = try it.commit(.finish(key, chunk: 0, .test("A", attempts: 2)))[0].entries
        #expect(first.map(\.record.state) == [.running])
        #expect(second.map(\.record.state) == [.running, .done])
        #expect((first + second).map(\.record.sequence) == [1, 2, 3])
        let records = try it.records()
        #expect(records.map(\.pieces) == [[Piece(source: 1)], [Piece(source: 0)], []])
        #expect(records.map { $0.outputs.map { $0.hypotheses[0].text } } == [["B"], ["A"], ["A", "B"]])
        #expect(records.map(\.attempts) == [1, 2, 2])
        #expect(records.allSatisfy { $0.outputs.allSatisfy { $0.hypotheses[0].segmentScores.isEmpty } })
        #expect(records.map(\.isPartial) == [true, true, false])
    }

    @Test(
        "ends a job once, with its failure in the log", arguments: [JobState.dead, .expired, .cancelled],
        StoreKind.allCases)
    func end(_ state: JobState, _ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let failure = Failure("worker_lost", "the worker was lost")
        try it.commit(.insert(.test(key)), .lease(key, chunk: 0, LeaseMark(token: 1, attempt: 1, instance: "w")))
        let outcomes = try it.commit(
            .end(key, state, failure, attempts: 4, at: 5000), .end(key, .cancelled, failure, attempts: 4, at: 6000),
            .finish(key, chunk: 0, .test("late")), .end(noSuchJob, state, failure, attempts: 0, at: 1))
        #expect(Array(outcomes[1...]) == [.alreadyTerminal, .alreadyTerminal, .alreadyTerminal])
        let record = try #require(try it.records().first)
        #expect(outcomes[0] == .ended(LogEntry(record, of: "default")))
        #expect(record.state == state)
        #expect(record.failure == failure)
        #expect(record.attempts == 4)
        #expect(record.finishedAt == 5000)
        #expect(record.outputs == [])
        let report = try #require(try it.store.report(on: key))
        #expect(report.state == state)
        #expect(report.failure == failure)
        #expect(report.sequence == 1)
        try it.restart()
        #expect(it.recovery.jobs == [])
        #expect(it.recovery.deadJobs == (state == .dead ? [key.tenant: 1] : [:]))
    }

    @Test("remembers leases and attempts until a chunk is done", arguments: StoreKind.allCases)
    func leases(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let mark = LeaseMark(token: .max - 5, attempt: 2, instance: "worker-1", isAlone: true)
        try it.commit(.insert(.test(key, texts: ["a", "b", "c"])))
        let outcomes = try it.commit(
            .lease(key, chunk: 0, mark), .lease(key, chunk: 1, mark), .lease(key, chunk: 2, mark),
            .requeue(key, chunk: 1, attempts: 1, Failure("x", "y")), .requeue(key, chunk: 2, attempts: 0, nil),
            .finish(key, chunk: 0, .test("A")), .lease(key, chunk: 0, mark), .lease(key, chunk: 3, mark),
            .requeue(key, chunk: 0, attempts: 9, nil), .requeue(noSuchJob, chunk: 0, attempts: 1, nil))
        #expect(outcomes.filter { $0 == .noted }.count == 9)
        try it.commit(.lease(key, chunk: 2, mark))
        try it.crash()
        let chunks = try #require(it.recovery.jobs.first?.chunks)
        #expect(
            chunks == [
                .init(cost: 10, attempts: 1, isDone: true), .init(cost: 11, attempts: 1),
                .init(cost: 12, attempts: 0, lease: mark),
            ])
        let report = try #require(try it.store.report(on: key))
        #expect(report.attempts == 1)
        #expect(report.chunks == 3)
        #expect(report.chunksDone == 1)
        #expect(report.failure == Failure("x", "y"))
    }

    @Test("gives workers each chunk's part of the sources", arguments: StoreKind.allCases)
    func contents(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        var job = StoredJob.test(key, texts: ["é\nb\n"]) { job in
            job.sources.append(.tokens(["▁a", "b"]))
            job.options.beamSize = 3
            job.options.seed = .max
            job.wantsTokens = true
        }
        job.chunks = [
            ChunkPlan(pieces: [Piece(source: 0, bytes: 0..<3)], cost: 1),
            ChunkPlan(pieces: [Piece(source: 0, bytes: 3..<5), Piece(source: 1)], cost: 2),
        ]
        try it.commit(.insert(job))
        let contents = try it.store.contents(of: [(key, 1), (noSuchJob, 0), (key, 0), (key, 2)])
        #expect(contents[0]?.sources == [.text("b\n"), .tokens(["▁a", "b"])])
        #expect(contents[0]?.options == job.job.options)
        #expect(contents[0]?.model == "opus")
        #expect(contents[0]?.trace == "trace")
        #expect(contents[0]?.wantsTokens == true)
        #expect(contents[1] == nil)
        #expect(contents[2]?.sources == [.text("é\n")])
        #expect(contents[3] == nil)
    }

    @Test("gives workers the terms that their part of the sources may need", arguments: StoreKind.allCases)
    func terms(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let glossary = try Glossary(
            ["cat", "dog", "red dog", "猫"].map { Glossary.Entry(source: $0, target: "x \($0)") })
        for (number, markup) in [(1, nil), (2, MarkupLanguage.html)] {
            var job = StoredJob.test(.test(number), texts: ["a red dog\nno cats, 小猫\n\n"]) { job in
                job.glossary = glossary
                job.options.markup = markup
            }
            job.chunks = [(0, 10), (10, 25), (25, 26)].map { begin, end in
                ChunkPlan(pieces: [Piece(source: 0, bytes: begin..<end)], cost: 1)
            }
            try it.commit(.insert(job))
        }
        func terms(_ number: Int) throws -> [[String]?] {
            try it.store.contents(of: (0..<3).map { (.test(number), $0) }).map { $0?.glossary?.entries.map(\.source) }
        }
        #expect(try terms(1) == [["dog", "red dog"], ["猫"], nil])
        // Tags may have stood within words.
        #expect(try terms(2) == [["dog", "red dog"], ["cat", "猫"], nil])
    }

    @Test("recognizes a job that is there, and changes nothing", arguments: StoreKind.allCases)
    func recognizing(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let job = StoredJob.test(.test(1))
        let (key, other) = (JobKey(tenant: job.tenant, id: job.job.id), JobKey(tenant: "other", id: job.job.id))
        #expect(try it.commit(.recognize(key, digest: job.digest)) == [.noted])
        try it.commit(.insert(job))
        #expect(
            try it.commit(
                .recognize(key, digest: job.digest), .recognize(key, digest: [9, 9]),
                .recognize(other, digest: job.digest)) == [.duplicate, .conflict, .noted])
        try it.restart()
        #expect(it.recovery.jobs.map(\.key) == [key])
    }

    @Test("keeps a log for each tenant", arguments: StoreKind.allCases)
    func tenants(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        for number in 1...3 {
            for tenant in ["a", "b"] where tenant == "a" || number > 1 {
                let key = JobKey.test(number, tenant: tenant)
                try it.commit(.insert(.test(key)), .finish(key, chunk: 0, .test(tenant)))
            }
        }
        #expect(try it.records(of: "a").map(\.sequence) == [1, 2, 3])
        #expect(try it.records(of: "b").map(\.sequence) == [1, 2])
        #expect(try it.records(of: "c") == [])
        #expect(try it.store.firstSequence(of: "b") == 1)
        #expect(try it.store.firstSequence(of: "c") == nil)
        try it.restart()
        #expect(it.recovery.lastSequences == ["a": 3, "b": 2])
    }

    @Test("reads the log within limits, but always a record", arguments: StoreKind.allCases)
    func recordLimits(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        for number in 1...5 {
            try it.commit(.insert(.test(.test(number))), .finish(.test(number), chunk: 0, .test("\(number)")))
        }
        let size = try it.store.encodedRecords(of: "default", after: 0, limit: 1, bytes: 0)[0].bytes.count
        func sequences(after: UInt64, limit: Int = 10, bytes: Int = .max) throws -> [UInt64] {
            try it.store.records(of: "default", after: after, limit: limit, bytes: bytes).map(\.sequence)
        }
        #expect(try sequences(after: 2) == [3, 4, 5])
        #expect(try sequences(after: 0, limit: 2) == [1, 2])
        #expect(try sequences(after: 5) == [])
        #expect(try sequences(after: .max) == [])
        #expect(try sequences(after: 1, bytes: 0) == [2])
        #expect(try sequences(after: 1, bytes: size - 1) == [2])
        #expect(try sequences(after: 1, bytes: 3 * size - 1) == [2, 3])
        #expect(try sequences(after: 1, bytes: 3 * size) == [2, 3, 4])
        #expect(try sequences(after: 1, limit: 0) == [])
    }

    @Test("moves a cursor forward only, and not past the log's end", arguments: StoreKind.allCases)
    func cursors(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        for number in 1...3 {
            try it.commit(.insert(.test(.test(number))), .finish(.test(number), chunk: 0, .test("x")))
        }
        func acknowledge(_ sequence: UInt64) -> Write { .acknowledge(tenant: "default", consumer: "c", upTo: sequence) }
        #expect(
            try it.commit(acknowledge(0), acknowledge(2), acknowledge(1), acknowledge(.max))
                == [0, 2, 2, 3].map { .acknowledged(upTo: $0) })
        try it.commit(.acknowledge(tenant: "other", consumer: "c", upTo: 9))
        try it.restart()
        #expect(
            it.recovery.consumers == [
                .init(tenant: "default", name: "c", acknowledged: 3),
                .init(tenant: "other", name: "c", acknowledged: 0),
            ])
    }

    @Test("a cursor reaches a record of its own transaction", arguments: StoreKind.allCases)
    func cursorInTransaction(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let outcomes = try it.commit(
            .insert(.test(key)), .finish(key, chunk: 0, .test("x")),
            .acknowledge(tenant: "default", consumer: "c", upTo: 1))
        #expect(outcomes[2] == .acknowledged(upTo: 1))
    }

    @Test("remembers the models that were offered, each as it was last", arguments: StoreKind.allCases)
    func offers(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let old = ModelOffer(name: "b")
        let new = ModelOffer(name: "b", sourceLanguage: "en", targetLanguage: "fr")
        #expect(try it.commit(.offer(old), .offer(new), .offer(ModelOffer(name: "a"))) == [.noted, .noted, .noted])
        try it.restart()
        #expect(it.recovery.offers.map(\.offer) == [ModelOffer(name: "a"), new])
    }

    @Test("remembers the languages of models that have several", arguments: StoreKind.allCases)
    func offeredLanguages(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let sets = [
            [LanguageSet(source: ["en", "fr"], target: ["de"])], [LanguageSet(source: [], target: ["de", "zh-Hant"])],
            [LanguageSet(source: [], target: ["de"])],
            [LanguageSet(source: ["en"], target: ["de", "fr"]), LanguageSet(source: ["de"], target: ["en"])],
            [LanguageSet(source: ["en"], target: ["de"]), LanguageSet(source: ["en"], target: ["fr"])],
        ]
        let offers = sets.enumerated().map { ModelOffer(name: "m\($0.offset)", sets: $0.element) }
        #expect(offers.map(\.sets) == sets)
        for offer in offers { try it.commit(.offer(offer)) }
        try it.restart()
        #expect(it.recovery.offers.map(\.offer) == offers)
    }

    @Test("remembers the languages of a job, for its chunks and when it is retried", arguments: StoreKind.allCases)
    func jobLanguages(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let selections: [ModelSelection] = [
            .named("m"), .languages(source: "en", target: "deu_Latn"), .model("m", LanguageSelection(target: "ns")),
            .model("m", LanguageSelection(source: "zh-TW")),
        ]
        for (number, selection) in selections.enumerated() {
            var job = StoredJob.test(.test(number))
            job.job.model = selection
            try it.commit(.insert(job))
        }
        try it.restart()
        let languages = selections.map(\.languages)
        #expect(it.recovery.jobs.map(\.languages) == languages)
        let chunks = selections.indices.map { (job: JobKey.test($0), chunk: UInt32(0)) }
        #expect(try it.store.contents(of: chunks).map { $0?.languages } == languages)
        try it.commit(.end(.test(1), .dead, Failure("a", "b"), attempts: 1, at: 1))
        let retried = try it.commit(.retryDead(.test(1), newID: JobKey.test(9).id, at: 2))
        guard case .inserted(let job)? = retried.first else {
            Issue.record("\(retried)")
            return
        }
        #expect(job.languages == languages[1])
        #expect(try it.store.contents(of: [(job: .test(9), chunk: 0)])[0]?.languages == languages[1])
    }

    @Test(
        "keeps the glossaries of each tenant, each as it was last, until they are removed",
        arguments: StoreKind.allCases)
    func glossaries(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        func glossary(_ name: String, _ version: UInt64, _ target: String) throws -> NamedGlossary {
            var glossary = NamedGlossary(
                name, try Glossary([.init(source: "cat", target: target), .init(source: "Acmé", target: "")]),
                languages: version == 1 ? LanguageSelection() : LanguageSelection(source: "en", target: "pt-BR"))
            (glossary.version, glossary.createdAt) = (version, 1_700_000_000_000 + version)
            return glossary
        }
        let (first, second) = (try glossary("a", 1, "chat"), try glossary("a", 2, "gato"))
        let (other, gone) = (try glossary("'\"x", 1, "matou"), try glossary("b", 1, "chat"))
        #expect(
            try it.commit(
                .keepGlossary(first, tenant: "default"), .keepGlossary(gone, tenant: "default"),
                .keepGlossary(other, tenant: "'other")) == [.noted, .noted, .noted])
        try it.commit(
            .keepGlossary(second, tenant: "default"), .removeGlossary(GlossaryKey(tenant: "default", name: "b")),
            .removeGlossary(GlossaryKey(tenant: "default", name: "none")))
        for crashes in [false, true] {
            crashes ? try it.crash() : try it.restart()
            #expect(it.recovery.glossaries == [.init(other, tenant: "'other"), .init(second, tenant: "default")])
        }
        // In one commit, the last counts.
        let key = GlossaryKey(tenant: "default", name: "a")
        try it.commit(.removeGlossary(key), .keepGlossary(first, tenant: "default"))
        try it.restart()
        #expect(it.recovery.glossaries.last == .init(first, tenant: "default"))
        try it.commit(.keepGlossary(second, tenant: "default"), .removeGlossary(key))
        try it.restart()
        #expect(it.recovery.glossaries == [.init(other, tenant: "'other")])
    }

    @Test("forgets models and consumers, and knows when the others were last seen", arguments: StoreKind.allCases)
    func seen(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let (a, b) = (ConsumerKey(tenant: "default", name: "a"), ConsumerKey(tenant: "default", name: "b"))
        try it.commit(
            .offer(ModelOffer(name: "m")), .offer(ModelOffer(name: "n")), .offer(ModelOffer(name: "o")),
            .acknowledge(tenant: "default", consumer: "a", upTo: 0),
            .acknowledge(tenant: "default", consumer: "b", upTo: 0))
        try it.commit(.seen(consumers: [a, b], models: ["m", "n", "none"], at: 77))
        try it.commit(
            .forgetOffer("n"), .forgetOffer("none"), .removeConsumer(b), .offer(ModelOffer(name: "m")),
            .acknowledge(tenant: "default", consumer: "a", upTo: 0))
        try it.restart()
        #expect(it.recovery.offers == [.init(ModelOffer(name: "m"), seenAt: 77), .init(ModelOffer(name: "o"))])
        #expect(it.recovery.consumers == [.init(tenant: "default", name: "a", acknowledged: 0, seenAt: 77)])
    }

    @Test("lists the dead of all tenants, and finds the tenants of an id", arguments: StoreKind.allCases)
    func deadOfAllTenants(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        for (tenant, numbers) in [("b", [1, 2]), ("a", [1, 2, 3])] {
            for number in numbers {
                let key = JobKey.test(number, tenant: tenant)
                try it.commit(.insert(.test(key)), .end(key, .dead, Failure("a", "b"), attempts: 1, at: 1))
            }
        }
        func page(_ tenant: String, _ after: UInt64, _ limit: Int) throws -> [String] {
            try it.store.deadLetters(fromTenant: tenant, after: after, limit: limit).map {
                "\($0.tenant)\($0.sequence ?? 0)"
            }
        }
        #expect(try page("", 0, 10) == ["a1", "a2", "a3", "b1", "b2"])
        #expect(try page("a", 2, 2) == ["a3", "b1"])
        #expect(try page("b", 2, 2) == [])
        let ids = [1, 3, 9].map { JobKey.test($0).id }
        #expect(try it.store.tenants(with: ids) == [["a", "b"], ["a"], []])
        try it.restart()
        #expect(it.recovery.deadJobs == ["a": 3, "b": 2])
    }

    @Test("says of each start whether the one before was ended well", arguments: StoreKind.allCases)
    func epochs(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        #expect(it.recovery.epoch == 1)
        #expect(it.recovery.wasClosed)
        try it.crash()
        #expect(it.recovery.epoch == 2)
        #expect(!it.recovery.wasClosed)
        try it.restart()
        #expect(it.recovery.epoch == 3)
        #expect(it.recovery.wasClosed)
    }

    @Test("reports on a job through its life", arguments: StoreKind.allCases)
    func reports(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        #expect(try it.store.report(on: key) == nil)
        var stored = StoredJob.test(key) { job in
            job.priority = 3
            job.deadlineMilliseconds = 500
        }
        stored.retryOf = noSuchJob.id
        try it.commit(.insert(stored))
        var report = JobReport(job: key.id, state: .queued)
        report.tenant = key.tenant
        report.chunks = 1
        report.priority = 3
        report.acceptedAt = 1000
        report.expiresAt = 1500
        report.model = "opus"
        report.topic = "orders"
        report.retryOf = noSuchJob.id
        #expect(try it.store.report(on: key) == report)
        try it.commit(.finish(key, chunk: 0, .test("x", attempts: 2)))
        report.state = .done
        report.chunksDone = 1
        report.attempts = 2
        report.sequence = 1
        report.finishedAt = 2000
        #expect(try it.store.report(on: key) == report)
        #expect(try it.store.report(on: JobKey(tenant: "other", id: key.id)) == nil)
        #expect(try it.records()[0].retryOf == noSuchJob.id)
    }
}
