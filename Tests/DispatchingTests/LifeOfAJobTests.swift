import Dispatching
import JobModel
import JobStore
import TestKit
import Testing

@Suite("The life of a job")
struct LifeOfAJobTests {
    @Test("a job is accepted, assigned, done, recorded and acknowledged")
    func life() throws {
        var rig = Rig()
        rig.hello()
        rig.attach()
        #expect(rig.submit([Rig.job(1)]) == [Verdict(job: Rig.id(1), .accepted(duplicate: false))])
        let assigned = rig.takeAssigned()
        #expect(assigned.count == 1)
        let assignment = try #require(assigned.first)
        #expect(assignment.attempt == 1 && !assignment.isAlone && assignment.cost == 2)
        rig.done(assignment)
        #expect(rig.take(for: Rig.worker()) == [.settled([assignment.lease])])
        #expect(rig.published.map(\.record.sequence) == [1])
        let records = rig.records()
        #expect(records.map(\.sequence) == [1])
        #expect(records.first?.state == .done && records.first?.outputs.first?.hypotheses.first?.text == "Bonjour.")
        rig.receive(.ack(upTo: 1), from: Rig.consumer(), correlation: [7])
        #expect(rig.sent.contains { $0.body == .acked(upTo: 1) && $0.correlation == [7] })
    }
}
