import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("Whose jobs and numbers")
struct ScopeTests {
    private static let a = Rig.producer("a", tenant: "a", isOperator: false)
    private static let b = Rig.producer("b", tenant: "b", isOperator: false)
    private static let operating = Rig.producer("o", tenant: "admin")

    /// Jobs 1 and 2 of `a`, and 2 and 3 of `b`, all dead.
    private func rigWithDead() -> Rig {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1), Rig.job(2)], from: Self.a)
        rig.submit([Rig.job(2), Rig.job(3)], from: Self.b)
        for assignment in rig.takeAssigned() { rig.fail(assignment.lease, isRetryable: false) }
        rig.sent = []
        return rig
    }

    private func ask(
        _ rig: inout Rig, _ request: DeadLetterRequest, _ scope: TenantScope?, as peer: Peer = operating
    ) -> [String]? {
        rig.receive(.deadLetterRequest(request, scope: scope), from: peer)
        for case .deadLetterReply(let reports) in rig.take(for: peer) {
            return reports.map { "\($0.tenant)\($0.retryOf?.low ?? $0.job.low)" }
        }
        return nil
    }

    private func fault(_ rig: inout Rig, _ body: Envelope.Body, as peer: Peer = operating) -> Fault? {
        rig.receive(body, from: peer)
        for case .fault(let fault) in rig.take(for: peer) { return fault }
        return nil
    }

    @Test("an operator lists, retries and drops over tenants, or for one; without a scope it is as it was")
    func dead() {
        var rig = rigWithDead()
        let list = DeadLetterRequest.list(after: 0, limit: 10)
        #expect(ask(&rig, list, .visible) == ["a1", "a2", "b2", "b3"])
        #expect(ask(&rig, list, .all) == ["a1", "a2", "b2", "b3"])
        #expect(ask(&rig, .list(after: 1, tenant: "a", limit: 2), .all) == ["a2", "b2"])
        #expect(ask(&rig, list, .tenant("b")) == ["b2", "b3"])
        #expect(ask(&rig, list, nil) == [])
        #expect(ask(&rig, list, .visible, as: Self.a) == ["a1", "a2"])
        #expect(ask(&rig, list, .tenant("a"), as: Self.a) == ["a1", "a2"])
        #expect(ask(&rig, .retry([Rig.id(1), Rig.id(9)]), .visible) == ["a1"])
        #expect(ask(&rig, .drop([Rig.id(2), Rig.id(3)]), .tenant("b")) == ["b2", "b3"])
        #expect(ask(&rig, list, .all) == ["a2"])
        #expect(ask(&rig, .drop([Rig.id(2)]), .visible, as: Self.b) == [])
    }

    @Test("an id that several tenants have is refused unless the tenant is named, and nothing is done")
    func ambiguous() {
        var rig = rigWithDead()
        for request in [DeadLetterRequest.retry([Rig.id(1), Rig.id(2)]), .drop([Rig.id(1), Rig.id(2)])] {
            let fault = fault(&rig, .deadLetterRequest(request, scope: .visible))
            #expect(fault?.code == .malformed && fault?.message.contains("(a, b); name the tenant") == true)
        }
        #expect(fault(&rig, .jobQuery(Rig.id(2), scope: .all))?.code == .malformed)
        #expect(fault(&rig, .cancel([Rig.id(2)], scope: .all))?.code == .malformed)
        #expect(ask(&rig, .list(after: 0, limit: 10), .all) == ["a1", "a2", "b2", "b3"])
        #expect(ask(&rig, .retry([Rig.id(2)]), .tenant("a")) == ["a2"])
        // The key's own goes first.
        rig.submit([Rig.job(3)], from: Self.operating)
        rig.receive(.jobQuery(Rig.id(3), scope: .visible), from: Self.operating)
        let reports = rig.take(for: Self.operating).compactMap {
            if case .jobReport(let report) = $0 { report.tenant } else { nil }
        }
        #expect(reports == ["admin"])
    }

    @Test("a tenant cannot ask about another, or about all")
    func forbidden() {
        var rig = rigWithDead()
        for scope in [TenantScope.all, .tenant("b")] {
            let list = DeadLetterRequest.list(after: 0, limit: 1)
            for body in [
                Envelope.Body.deadLetterRequest(list, scope: scope), .statusQuery(scope: scope),
                .jobQuery(Rig.id(3), scope: scope), .cancel([Rig.id(3)], scope: scope),
                .consumerRequest(.list, scope: scope), .deadLetterRequest(.drop([Rig.id(3)]), scope: scope),
                .jobListRequest(JobListRequest(), scope: scope),
            ] {
                #expect(fault(&rig, body, as: Self.a)?.code == .forbidden, "\(body)")
            }
        }
        #expect(fault(&rig, .modelRequest(.remove(["en-fr"])), as: Self.a)?.code == .forbidden)
    }

    @Test("an operator sees and cancels jobs of any tenant")
    func jobs() {
        var rig = Rig()
        rig.submit([Rig.job(1)], from: Self.a)
        rig.receive(.jobQuery(Rig.id(1), scope: .visible), from: Self.operating)
        rig.receive(.cancel([Rig.id(1), Rig.id(9)], scope: .visible), from: Self.operating)
        let answers = rig.take(for: Self.operating)
        #expect(answers.contains { if case .jobReport(let report) = $0 { report.tenant == "a" } else { false } })
        #expect(answers.contains(.cancelReply([.cancelled, nil])))
        #expect(rig.log("a").first?.failure?.message == "the operator cancelled the job")
    }

    @Test(
        "the number of the dead is that of their list, in every scope, whatever happens",
        arguments: 0..<10 as Range<UInt64>)
    func consistency(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var settings = DispatchSettings()
        settings.store.retentionMs = 300_000
        settings.store.acknowledgedRetentionMs = 60_000
        var rig = Rig(settings)
        rig.hello(window: 1000)
        var number: UInt64 = 0
        for _ in 0..<60 {
            let peer = random.flag() ? Self.a : Self.b
            let tenant = peer.identity.tenant
            switch random.integer(0...6) {
            case 0...2:
                number += 1
                rig.submit([Rig.job(number)], from: peer)
                for assignment in rig.takeAssigned() {
                    if random.oneIn(3) { rig.done(assignment) } else { rig.fail(assignment.lease, isRetryable: false) }
                }
            case 3:
                let dead = rig.store.deadLetters(of: tenant, after: 0, limit: 2).map(\.job)
                _ = ask(&rig, random.flag() ? .drop(dead) : .retry(dead), .tenant(tenant))
            case 4:
                rig.attach("c", tenant: tenant)
                let last = rig.log(tenant).last?.sequence ?? 0
                rig.receive(.ack(upTo: last), from: Rig.consumer("c", tenant: tenant))
            case 5: if random.oneIn(3) { rig.restart() } else { rig.hello(window: 1000) }
            default: rig.work(milliseconds: 61_000)
            }
            rig.sent = []
            for (scope, asking) in [
                (TenantScope.visible, Self.operating), (.all, Self.operating), (.tenant("a"), Self.operating),
                (.tenant("b"), Self.operating), (.visible, Self.a), (.tenant("b"), Self.b),
            ] {
                let list = ask(&rig, .list(after: 0, limit: 1000), scope, as: asking)
                let status = rig.status(for: asking, scope: scope)
                #expect(list?.count == status.deadJobs, "\(scope)")
                let isOfAll = asking == Self.operating && (scope == .visible || scope == .all)
                #expect(status.isOfAllTenants == isOfAll)
            }
        }
    }

    @Test("a tenant's numbers are its own in every line, and the workers are everyone's")
    func status() {
        var rig = Rig()
        rig.hello()
        rig.hello("v")
        rig.submit([Rig.job(1), Rig.job(2)], from: Self.a)
        rig.submit([Rig.job(1)], from: Self.b)
        let assigned = rig.takeAssigned().filter { $0.job.tenant == "a" }
        rig.done(assigned[0], by: "w")
        let own = rig.status(for: Self.a)
        #expect(!own.isOfAllTenants && own.tenant == "a" && own.lastSequence == 1)
        #expect(own.workers.isEmpty && own.workerCount == 2 && own.models.map(\.workers) == [2])
        #expect([own.leasedChunks, own.models[0].leasedChunks] == [1, 1])
        #expect(own.models[0].done == 1 && own.models[0].sourceTokensPerSecond > 0)
        let other = rig.status(for: Self.b)
        #expect([other.leasedChunks, other.models[0].leasedChunks] == [1, 1])
        #expect(other.models[0].done == 0 && other.models[0].sourceTokensPerSecond == 0 && other.workerCount == 2)
        // As the operator sees that tenant, and all.
        let one = rig.status(for: Self.operating, scope: .tenant("a"))
        #expect(one.models == own.models && one.tenant == "a" && one.done == own.done && one.workers.count == 2)
        let all = rig.status(for: Self.operating)
        #expect(all.isOfAllTenants && all.tenant == "admin" && all.leasedChunks == 2 && all.lastSequence == 0)
        // One who asks about a tenant that does not exist is told of nothing.
        let none = rig.status(for: Self.operating, scope: .tenant("typo"))
        #expect(none.tenant == "typo" && none.accepted == 0 && none.models[0].leasedChunks == 0)
    }

    @Test("rates are those of the last minute, and 0 soon after nothing is worked at")
    func rates() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1), Rig.job(2)])
        let assigned = rig.takeAssigned()
        rig.done(assigned[0])
        rig.work(milliseconds: 10_000, having: [assigned[1].lease])
        // The other is still being worked at.
        #expect(rig.status().workers[0].sourceTokensPerSecond > 0 && rig.status().models[0].sentencesPerSecond > 0)
        rig.done(assigned[1])
        #expect(rig.status().workers[0].sourceTokensPerSecond > 0)
        rig.work(milliseconds: 6000)
        let idle = rig.status()
        #expect(idle.workers[0].sourceTokensPerSecond == 0)
        #expect(idle.models[0].sourceTokensPerSecond == 0 && idle.models[0].sentencesPerSecond == 0)
    }

    @Test("a worker whose connection is gone is shown as such, with the window that it had")
    func unreachable() throws {
        var rig = Rig()
        rig.hello(window: 500)
        rig.submit([Rig.job(1)])
        rig.on(.unreachable(Rig.worker()))
        let worker = try #require(rig.status().workers.first)
        #expect(worker.isUnreachable && worker.leasedTokens == 2 && worker.windowTokens == 500)
        rig.submit([Rig.job(2)])
        #expect(rig.takeAssigned().count == 1)
        rig.receive(.workCredit(window: 500), from: Rig.worker())
        #expect(rig.status().workers.map(\.isUnreachable) == [false])
        #expect(rig.takeAssigned().count == 1)
    }
}
