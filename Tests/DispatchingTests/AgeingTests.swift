import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("Models and consumers that are gone")
struct AgeingTests {
    private static let hour: UInt64 = 3_600_000
    private static let old = ModelOffer(name: "en-fr-1", sourceLanguage: "en", targetLanguage: "fr")
    private static let new = ModelOffer(name: "en-fr-2", sourceLanguage: "en", targetLanguage: "fr")

    private func job(_ number: UInt64, _ model: ModelSelection) -> Job {
        var job = Rig.job(number)
        job.model = model
        return job
    }

    private func names(_ rig: Rig) -> [String] {
        var rig = rig
        return rig.status().models.map(\.name)
    }

    private func rejection(_ rig: inout Rig, _ job: Job) -> Rejection.Code? {
        if case .rejected(let rejection)? = rig.submit([job]).first?.outcome { rejection.code } else { nil }
    }

    @Test("a job without a model is for the one that workers offer, whatever is remembered beside it")
    func renamed() {
        var rig = Rig(hasOffer: false)
        rig.hello(models: [Self.old])
        #expect(rig.submit([job(1, .onlyOne)]).map(\.outcome) == [.accepted(duplicate: false)])
        rig.done(rig.takeAssigned()[0])
        // Its worker is stopped, and comes back with the model under another name.
        rig.receive(.goodbye(unstarted: []), from: Rig.worker())
        rig.hello("v", models: [Self.new])
        #expect(rig.submit([job(2, .onlyOne)]).map(\.outcome) == [.accepted(duplicate: false)])
        #expect(
            rig.submit([job(3, .languages(source: "en", target: "fr"))]).map(\.outcome) == [.accepted(duplicate: false)]
        )
        #expect(rig.takeAssigned(for: Rig.worker("v")).count == 2)
        // Both can still be named, for the old one's worker may return.
        #expect(rig.submit([job(4, .named(Self.old.name))]).map(\.outcome) == [.accepted(duplicate: false)])
    }

    @Test("a worker that is lost from sight offers nothing until it is back")
    func unreachable() {
        var rig = Rig(hasOffer: false)
        rig.hello(models: [Self.old])
        rig.hello("v", models: [Self.new])
        #expect(rejection(&rig, job(1, .onlyOne)) == .invalid)
        rig.on(.unreachable(Rig.worker()))
        #expect(rig.submit([job(1, .onlyOne)]).map(\.outcome) == [.accepted(duplicate: false)])
        rig.receive(.workCredit(window: 100), from: Rig.worker())
        #expect(rejection(&rig, job(2, .onlyOne)) == .invalid)
    }

    @Test("while no worker says which of several models it has, a job without one is to come again")
    func unknown() {
        var rig = Rig(hasOffer: false)
        rig.hello(models: [Self.old, Self.new])
        rig.restart()
        #expect(rejection(&rig, job(1, .onlyOne)) == .retryLater)
        rig.hello(models: [Self.new])
        #expect(rig.submit([job(1, .onlyOne)]).map(\.outcome) == [.accepted(duplicate: false)])
    }

    @Test("a model that no worker offers is forgotten after its time, also across restarts")
    func forgotten() {
        var settings = DispatchSettings()
        settings.limits.offerRetentionMs = Int(3 * Self.hour)
        var rig = Rig(settings, hasOffer: false)
        rig.hello(models: [Self.old, Self.new])
        rig.advance(milliseconds: 60_000)
        #expect(names(rig) == [Self.old.name, Self.new.name])
        // A clock that jumps makes nothing older.
        rig.now.wall += 1000 * Self.hour
        rig.restart()
        rig.advance(milliseconds: 2 * Self.hour)
        #expect(names(rig) == [Self.old.name, Self.new.name])
        rig.restart()
        // One is still offered.
        rig.hello(models: [Self.new])
        rig.work(milliseconds: Self.hour + 180_000)
        #expect(names(rig) == [Self.new.name])
        #expect(rejection(&rig, job(1, .named(Self.old.name))) == .unsupported)
        rig.restart()
        #expect(names(rig) == [Self.new.name])
    }

    @Test("a model that a queued job needs is remembered until the job has ended")
    func needed() {
        var settings = DispatchSettings()
        settings.limits.offerRetentionMs = Int(3 * Self.hour)
        var rig = Rig(settings, hasOffer: false)
        rig.hello(window: 0, models: [Self.old])
        rig.submit([job(1, .onlyOne)])
        rig.advance(milliseconds: 9 * Self.hour)
        #expect(names(rig) == [Self.old.name])
        rig.receive(.cancel([Rig.id(1)]), from: Rig.producer())
        rig.advance(milliseconds: 4 * Self.hour)
        #expect(names(rig).isEmpty)
    }

    @Test("I6: a worker that offers too many models is refused, and says why")
    func tooMany() {
        var rig = Rig(hasOffer: false)
        let offers = (0..<257).map { ModelOffer(name: "m\($0)") }
        #expect(rig.hello(models: offers) == nil)
        #expect(rig.hello(models: offers.dropLast()) != nil)
        #expect(names(rig).count == 256)
    }

    @Test("I6: one key cannot take every place, however many workers it starts and names it makes up")
    func greedy() {
        var rig = Rig(hasOffer: false)
        rig.isChecked = false
        func hello(_ name: String, _ tenant: String, _ models: [ModelOffer]) {
            let peer = Peer(
                socket: .work, routingID: Array(name.utf8), identity: Identity(tenant: tenant, isOperator: false))
            rig.hello(name, models: models, peer: peer)
        }
        for worker in 0..<6 {
            hello("g\(worker)", "greedy", (0..<200).map { ModelOffer(name: "g\(worker)-\($0)") })
        }
        #expect(names(rig).count == 900)
        hello("h", "honest", [Self.old])
        #expect(names(rig).count == 901 && names(rig).contains(Self.old.name))
        // What the greedy one does not offer any more makes room for what it offers now, and takes from no one else.
        for round in 0..<2 {
            for worker in 0..<6 {
                hello("g\(worker)", "greedy", (0..<200).map { ModelOffer(name: "g\(worker)-\(round)-\($0)") })
            }
        }
        hello("i", "honest", [Self.new])
        #expect(names(rig).count <= 1000 && Set(names(rig)).isSuperset(of: [Self.old.name, Self.new.name]))
        #expect(rig.dispatcher.check() == nil)
        #expect(Set(rig.store.recover().offers.map(\.offer.name)) == Set(names(rig)))
    }

    // Consumers.

    /// Three records, of which `a` has read one and `b` all.
    private func rigWithConsumers(_ settings: DispatchSettings) -> Rig {
        var rig = Rig(settings)
        rig.hello(window: 1_000_000)
        rig.submit((1...3).map { Rig.job($0) })
        for assignment in rig.takeAssigned() { rig.done(assignment) }
        rig.attach("a")
        rig.attach("b")
        rig.receive(.ack(upTo: 1), from: Rig.consumer("a"))
        rig.receive(.ack(upTo: 3), from: Rig.consumer("b"))
        return rig
    }

    @Test("an abandoned consumer no longer holds back what the others have acknowledged, and keeps its place")
    func abandoned() {
        var settings = DispatchSettings()
        settings.store.acknowledgedRetentionMs = Int(Self.hour)
        settings.store.retentionMs = Int(1000 * Self.hour)
        settings.store.consumerAbandonedMs = Int(24 * Self.hour)
        var rig = rigWithConsumers(settings)
        rig.isChecked = false
        func present(_ hours: UInt64) {
            for _ in 0..<hours * 900 {
                rig.advance(milliseconds: 4000)
                rig.receive(.resultCredit(ResultCredit(records: 1, bytes: 1)), from: Rig.consumer("b"))
            }
        }
        present(2)
        #expect(rig.log().map(\.sequence) == [2, 3])
        present(21)
        #expect(rig.log().map(\.sequence) == [2, 3])
        present(2)
        #expect(rig.log().isEmpty)
        #expect(rig.attach("a")?.nextSequence == 4)
    }

    @Test("a broker that is restarted does not take a consumer for abandoned that was there")
    func restarted() {
        var settings = DispatchSettings()
        settings.store.acknowledgedRetentionMs = Int(Self.hour)
        settings.store.consumerAbandonedMs = Int(24 * Self.hour)
        var rig = rigWithConsumers(settings)
        rig.advance(milliseconds: 60_000)
        rig.restart()
        rig.advance(milliseconds: 23 * Self.hour)
        #expect(rig.log().map(\.sequence) == [2, 3])
        rig.advance(milliseconds: 2 * Self.hour)
        // All are abandoned: it is as if there were none, and records are kept for `retention`.
        #expect(rig.log().map(\.sequence) == [2, 3])
    }

    @Test("I6: a new consumer takes the place of an abandoned one when there is no other")
    func full() {
        var settings = DispatchSettings()
        settings.store.consumerAbandonedMs = Int(Self.hour)
        var rig = Rig(settings)
        rig.isChecked = false
        rig.hello()
        rig.submit([Rig.job(1)])
        rig.done(rig.takeAssigned()[0])
        func read(_ name: String) -> Bool {
            guard rig.attach(name) != nil else { return false }
            rig.receive(.ack(upTo: 1), from: Rig.consumer(name))
            rig.receive(.detach, from: Rig.consumer(name))
            return true
        }
        for number in 0..<1000 { #expect(read("c\(number)")) }
        #expect(!read("more"))
        #expect(read("c7"))
        rig.advance(milliseconds: Self.hour + 1000)
        #expect(read("more") && read("c0"))
        let consumers = rig.status().consumers.map(\.name)
        #expect(consumers.count == 1000 && consumers.contains("more") && consumers.contains("c0"))
        rig.restart()
        #expect(rig.status().consumers.count == 1000)
    }
}

extension Rig {
    mutating func status(for peer: Peer = Rig.producer(), scope: TenantScope = .visible) -> StatusReport {
        receive(.statusQuery(scope: scope), from: peer)
        for case .statusReport(let report) in take(for: peer) { return report }
        return StatusReport()
    }
}
