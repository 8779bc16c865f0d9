import ArgumentParser
import DragomanCommand
import JobModel
import Testing

@Suite struct JobListTests {
    private func filter(_ arguments: String...) throws -> JobFilter { try JobFilterFlags.parse(arguments).filter }

    @Test func `flags say which jobs`() throws {
        #expect(try filter().states == JobFilter.unfinished)
        let all = try filter(
            "--state", "dead", "--state", "done", "--topic", "t", "--model", "m", "--older-than", "2h")
        #expect(all.states == [.dead, .done])
        #expect(all.topic == "t" && all.model == "m" && all.olderThanMilliseconds == 7_200_000)
        #expect(try filter("--state", "any").states == Set(JobState.allCases))
    }

    @Test(arguments: [
        ["--state", "none"], ["--topic", ""], ["--model", String(repeating: "m", count: 129)], ["--older-than", "2"],
        ["--older-than", "h"], ["--older-than", "-2h"], ["--older-than", "2 weeks"],
    ]) func `wrong ones are refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try JobFilterFlags.parse(arguments) }
    }

    @Test func `an age has a unit`() {
        #expect(
            ["90s", "15m", "2h", "7d", "0s"].map { Age($0)?.milliseconds } == [
                90_000, 900_000, 7_200_000, 604_800_000, 0,
            ])
        #expect(["", "s", "+1s", "1.5h", "99999999999999999999d", "300000000000d", "1w"].allSatisfy { Age($0) == nil })
    }

    @Test func `a row says how old a job is and how far it has come`() {
        var report = JobReport(job: JobID(high: 0, low: 1), state: .running)
        (report.chunks, report.chunksDone, report.attempts, report.acceptedAt) = (1200, 3, 2, 1000)
        (report.tenant, report.model, report.topic) = ("shop", "en-fr", "")
        #expect(
            JobListText.row(report, at: 126_000) == [
                "00000000000000000000000000000001", "running", "2 min 5 s", "3 of 1,200", "2", "0", "shop", "en-fr", "",
            ])
        // Another host's clock is behind.
        #expect(JobListText.row(report, at: 0)[2] == "0 ms")
        #expect(JobListText.heading.count == JobListText.row(report, at: 0).count)
    }

    @Test func `a question says how many jobs, and whose`() {
        var (a, b) = (JobReport(job: .random()), JobReport(job: .random()))
        (a.tenant, b.tenant) = ("shop", "mail\n")
        #expect(CancellationExtent([a], hasMore: false).question == "Cancel 1 job of tenant shop? [y/N] ")
        #expect(
            CancellationExtent([a, a], hasMore: true).question == "Cancel more than 2 jobs of tenant shop? [y/N] ")
        #expect(CancellationExtent([a, b], hasMore: false).question == "Cancel 2 jobs of 2 tenants? [y/N] ")
        #expect(CancellationExtent([b], hasMore: false).question == #"Cancel 1 job of tenant mail\u{a}? [y/N] "#)
    }

    @Test func `the sum says what was cancelled, and what could not be`() {
        var tally = CancellationTally()
        #expect(tally.isEmpty && tally.text == "0 jobs cancelled")
        for state in [JobState.cancelled, .cancelled, .done, nil] { tally.count(state) }
        #expect(!tally.isEmpty && tally.text == "2 jobs cancelled; 2 had ended before")
    }
}
