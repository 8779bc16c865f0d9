import Testing
import Worker

@Suite("What a worker's numbers say of its life")
struct WorkerStatusTests {
    @Test("one whose thread has done nothing for half a minute is dead, and one that has not begun is not")
    func silence() {
        var status = WorkerStatus()
        #expect(status.death == nil)
        status.silentNanoseconds = WorkerStatus.silenceMaximum - 1
        #expect(status.death == nil)
        status.silentNanoseconds = 31_000_000_000
        #expect(status.death == "the worker's thread has done nothing for 31 s")
    }

    @Test("one whose engine has work and computes nothing is dead, though its thread is there")
    func stuck() {
        var status = WorkerStatus()
        status.isStuck = true
        #expect(status.death == "the engine has work and computes nothing")
    }
}
