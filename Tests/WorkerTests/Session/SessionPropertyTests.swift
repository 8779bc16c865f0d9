import JobModel
import Testing
import Worker

@Suite("A session over a network that drops, doubles, delays and reorders, to a broker that restarts")
struct SessionPropertyTests {
    @Test(
        "gets every chunk done, and forgets every lease, whatever was lost on the way",
        arguments: 0..<40 as Range<UInt64>, [false, true])
    func everythingIsDone(seed: UInt64, hasStandby: Bool) {
        var simulation = SessionSimulation(seed: seed, chunks: 60, hasStandby: hasStandby)
        for _ in 0..<2500 { simulation.step() }
        simulation.isHealthy = true
        var steps = 0
        while !(simulation.broker.isDone && simulation.session.leases.isEmpty), steps < 10_000 {
            simulation.step()
            steps += 1
        }
        #expect(simulation.broker.isDone)
        #expect(simulation.broker.done.count == 60)
        #expect(simulation.session.leases.isEmpty)
        #expect(simulation.welcomes > 0)
        #expect(simulation.violations.isEmpty, "seed \(seed)")
    }

    @Test(
        "leaves in time, and what it had not begun was handed back or was never there",
        arguments: 100..<130 as Range<UInt64>, [false, true])
    func leaves(seed: UInt64, hasStandby: Bool) {
        var simulation = SessionSimulation(seed: seed, chunks: 200, hasStandby: hasStandby)
        for _ in 0..<Int(200 + seed * 3) { simulation.step() }
        simulation.isHealthy = seed.isMultiple(of: 2)
        simulation.perform(.drain)
        let started = simulation.now
        while !simulation.session.hasLeft, simulation.now < started + 10_000 * millisecond { simulation.step() }
        #expect(simulation.session.hasLeft)
        #expect(simulation.now <= started + 3020 * millisecond)
        #expect(simulation.violations.isEmpty, "seed \(seed)")
    }
}
