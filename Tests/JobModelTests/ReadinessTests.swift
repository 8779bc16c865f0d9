import JobModel
import Testing

@Suite struct ReadinessTests {
    private var report: StatusReport {
        var report = StatusReport()
        var model = StatusReport.ModelStatus()
        model.workers = 1
        report.models = [StatusReport.ModelStatus(), model]
        return report
    }

    @Test func `a broker that takes jobs is ready as soon as a worker offers a model`() {
        #expect(report.readiness == .ready)
        var alone = report
        alone.models.removeLast()
        #expect(alone.readiness.reason == "no worker offers a model; start one with: dragoman worker")
    }

    @Test func `a broker that takes none is not ready, whatever the workers`() {
        var full = report
        full.refusal = "the disk is full"
        #expect(full.readiness == .refusing(reason: "the disk is full"))
        var draining = report
        draining.isDraining = true
        #expect(draining.readiness.reason == "the broker is about to stop")
    }
}
