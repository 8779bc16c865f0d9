import Dispatching
import JobModel
import Testing

@Suite("Revoked keys")
struct RevocationTests {
    @Test("what a revoked worker held goes to another at once, and is charged nothing")
    func worker() throws {
        var rig = Rig()
        rig.hello("a")
        rig.submit([Rig.job(1)])
        let lease = try #require(rig.takeAssigned(for: Rig.worker("a")).first)
        rig.on(.revoked(Rig.worker("a")))
        rig.hello("b")
        let again = try #require(rig.takeAssigned(for: Rig.worker("b")).first)
        #expect(again.job == lease.job)
        #expect(again.attempt == lease.attempt && !again.isAlone)
        #expect(rig.takeAssigned(for: Rig.worker("a")).isEmpty)
    }

    @Test("a revoked worker is given nothing more")
    func nothingMore() {
        var rig = Rig()
        rig.hello("a")
        rig.on(.revoked(Rig.worker("a")))
        rig.submit([Rig.job(1)])
        #expect(rig.takeAssigned(for: Rig.worker("a")).isEmpty)
    }

    @Test("who is nobody to the machine can be revoked all the same")
    func unknown() {
        var rig = Rig()
        rig.on(.revoked(Rig.worker("a")))
        rig.on(.revoked(Peer(socket: .results, routingID: [1], identity: Rig.tenant)))
        rig.on(.revoked(Peer(socket: .jobs, routingID: [1], identity: Rig.tenant)))
    }
}
