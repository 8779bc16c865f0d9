import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("A job's life in the log")
struct JobNoteTests {
    private func notes(_ notesJobs: Bool) throws -> [Note] {
        var settings = DispatchSettings()
        settings.notesJobs = notesJobs
        settings.broker.attemptsMax = 1
        var rig = Rig(settings)
        rig.hello()
        _ = rig.submit([Rig.job(1)])
        rig.done(try #require(rig.takeAssigned().first))
        _ = rig.submit([Rig.job(2)])
        let assignment = try #require(rig.takeAssigned().first)
        rig.receive(
            .fail(Fail(lease: assignment.lease, failure: Failure("broken", "It broke."), isRetryable: true)),
            from: Rig.worker())
        return rig.notes.filter { $0.fields["job_id"] != nil }
    }

    @Test("at debug, each step is noted by the job's id")
    func steps() throws {
        let notes = try notes(true)
        func steps(_ id: JobID) -> [String] { notes.filter { $0.fields["job_id"] == "\(id)" }.map(\.message) }
        #expect(steps(Rig.id(1)) == ["job accepted", "chunk leased", "job is done"])
        #expect(steps(Rig.id(2)) == ["job accepted", "chunk leased", "job is dead"])
        #expect(notes.filter { $0.message != "job is dead" }.allSatisfy { $0.level == .debug })
    }

    @Test("a death is a warning with its reason, and the only step that is noted otherwise")
    func death() throws {
        let notes = try notes(false)
        #expect(notes.map(\.message) == ["job is dead"])
        #expect(notes.first?.level == .warning)
        #expect(notes.first?.fields["job_id"] == "\(Rig.id(2))")
        #expect(notes.first?.fields["problem"] == "It broke." && notes.first?.fields["code"] == "broken")
    }
}
