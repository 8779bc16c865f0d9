import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("The lists of consumers and models")
struct PlacesTests {
    private static let a = Rig.producer("a", tenant: "a", isOperator: false)
    private static let operating = Rig.producer("o", tenant: "admin")

    /// Tenants `a` and `b`, with one record each, which consumer `c` of each has read.
    private func rig() -> Rig {
        var rig = Rig()
        rig.hello()
        for tenant in ["a", "b"] {
            rig.submit([Rig.job(1)], from: Rig.producer(tenant, tenant: tenant))
            for assignment in rig.takeAssigned() { rig.done(assignment) }
            read(&rig, "c", tenant)
        }
        return rig
    }

    private func read(_ rig: inout Rig, _ name: String, _ tenant: String) {
        rig.attach(name, tenant: tenant)
        rig.receive(.ack(upTo: 1), from: Rig.consumer(name, tenant: tenant))
        rig.receive(.detach, from: Rig.consumer(name, tenant: tenant))
        rig.sent = []
    }

    private func ask(
        _ rig: inout Rig, _ request: NamesRequest, _ scope: TenantScope = .visible, as peer: Peer = operating
    ) -> [String]? {
        rig.receive(.consumerRequest(request, scope: scope), from: peer)
        for case .consumerReply(let consumers) in rig.take(for: peer) {
            return consumers.map { "\($0.tenant)/\($0.name)" }
        }
        return nil
    }

    private func askModels(_ rig: inout Rig, _ request: NamesRequest) -> [String]? {
        rig.receive(.modelRequest(request), from: Self.operating)
        for case .modelReply(let models) in rig.take(for: Self.operating) { return models.map(\.name) }
        return nil
    }

    @Test("a tenant lists and removes its own consumers, an operator all")
    func consumers() {
        var rig = rig()
        read(&rig, "d", "b")
        #expect(ask(&rig, .list, as: Self.a) == ["a/c"])
        #expect(ask(&rig, .list) == ["a/c", "b/c", "b/d"])
        #expect(ask(&rig, .list, .tenant("b")) == ["b/c", "b/d"])
        #expect(ask(&rig, .remove(["d"]), as: Self.a) == [])
        #expect(ask(&rig, .remove(["d", "none"])) == ["b/d"])
        // Both tenants have one of this name.
        #expect(ask(&rig, .remove(["c"])) == nil)
        #expect(ask(&rig, .remove(["c"]), .tenant("b")) == ["b/c"])
        #expect(ask(&rig, .remove(["c"]), as: Self.a) == ["a/c"])
        #expect(ask(&rig, .list) == [])
        rig.restart()
        #expect(ask(&rig, .list) == [])
        // It begins anew.
        #expect(rig.attach("c", tenant: "a")?.nextSequence == 1)
    }

    @Test("a consumer that is attached is not removed, and one whose removal the disk refuses stays")
    func attached() {
        var rig = rig()
        rig.attach("c", tenant: "a")
        rig.sent = []
        #expect(ask(&rig, .remove(["c"]), .tenant("a")) == [])
        rig.holdsCommits = true
        rig.receive(.consumerRequest(.remove(["c"]), scope: .tenant("b")), from: Self.operating)
        #expect(rig.take(for: Self.operating).isEmpty)
        rig.fail()
        guard case .fault(let fault)? = rig.take(for: Self.operating).first else { return #expect(Bool(false)) }
        #expect(fault.code == .unavailable)
        #expect(ask(&rig, .list) == ["a/c", "b/c"])
    }

    @Test("an operator removes models that no worker offers and no job needs")
    func models() {
        var rig = Rig(hasOffer: false)
        rig.hello(window: 0, models: [Rig.model, ModelOffer(name: "needed"), ModelOffer(name: "old")])
        var job = Rig.job(1)
        job.model = .named("needed")
        rig.submit([job])
        #expect(askModels(&rig, .remove(["old"])) == [])
        rig.receive(.goodbye(unstarted: []), from: Rig.worker())
        rig.hello("v", models: [Rig.model])
        #expect(askModels(&rig, .list) == ["en-fr", "needed", "old"])
        #expect(askModels(&rig, .remove(["en-fr", "needed", "none", "old"])) == ["old"])
        #expect(askModels(&rig, .list) == ["en-fr", "needed"])
        rig.restart()
        #expect(askModels(&rig, .list) == ["en-fr", "needed"])
        rig.receive(.cancel([Rig.id(1)]), from: Rig.producer())
        #expect(askModels(&rig, .remove(["needed"])) == ["needed"])
    }

    @Test("a list says how long a consumer or a model has been gone")
    func absence() throws {
        var settings = DispatchSettings()
        settings.store.consumerAbandonedMs = 60_000
        var rig = Rig(settings)
        rig.hello()
        rig.submit([Rig.job(1), Rig.job(2)])
        for assignment in rig.takeAssigned() { rig.done(assignment) }
        read(&rig, "c", "default")
        rig.receive(.goodbye(unstarted: []), from: Rig.worker())
        rig.advance(milliseconds: 180_000)
        let status = rig.status()
        let consumer = try #require(status.consumers.first)
        #expect(consumer.absentMilliseconds == 180_000 && consumer.isAbandoned && !consumer.isAttached)
        #expect(consumer.lastSequence == 2 && consumer.acknowledged == 1 && consumer.tenant == "default")
        #expect((120_000...240_000).contains(status.models[0].absentMilliseconds))
        rig.attach("c")
        rig.hello()
        #expect(rig.status().consumers[0].absentMilliseconds == 0 && rig.status().models[0].absentMilliseconds == 0)
    }
}
