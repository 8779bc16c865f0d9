import DragomanEngine
import Testing
import Worker

@Suite("An engine is watched")
struct ProgressMonitorTests {
    private var monitor = ProgressMonitor(patience: 10)

    @Test("an idle engine, and one that steps, are well")
    mutating func well() {
        for now in 0..<100 as Range<UInt64> {
            let threads = [
                ReplicaProgress(steps: 7, isBusy: false), ReplicaProgress(steps: now, isBusy: true),
            ]
            let isWell = monitor.observe(["a": threads, "b": []], at: now)
            #expect(isWell)
        }
    }

    @Test("one thread that has work and takes no step for too long is enough to be stuck, until it moves")
    mutating func stuck() {
        for now in 0..<30 as Range<UInt64> {
            let threads = [ReplicaProgress(steps: 7, isBusy: true), ReplicaProgress(steps: now, isBusy: true)]
            let isWell = monitor.observe(["a": threads], at: now)
            #expect(isWell == (now < 10))
        }
        let isWell = monitor.observe(["a": [ReplicaProgress(steps: 8, isBusy: true)]], at: 31)
        #expect(isWell)
    }

    @Test("a model that is gone is not waited for")
    mutating func unloaded() {
        let busy = ["a": [ReplicaProgress(steps: 7, isBusy: true)]]
        let areWell = [
            monitor.observe(busy, at: 0), monitor.observe([:], at: 50), monitor.observe(busy, at: 60),
        ]
        #expect(areWell == [true, true, true])
    }
}
