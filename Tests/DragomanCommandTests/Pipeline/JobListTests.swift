import ArgumentParser
import DragomanCommand
import Foundation
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

    @Test func `only what has not ended can be cancelled`() throws {
        func filter(_ arguments: String...) throws -> JobFilter { try UnfinishedJobFlags.parse(arguments).filter }
        #expect(try filter().states == [.queued, .running])
        #expect(try filter("--state", "queued", "--topic", "t").states == [.queued])
        for wrong in ["done", "dead", "expired", "cancelled", "any", "none"] {
            #expect(throws: (any Error).self) { try filter("--state", wrong) }
        }
        let help = CancelCommand.helpMessage(columns: 200)
        #expect(help.contains("Only jobs in this state when they are listed: queued or running"))
        #expect(!help.contains("any;") && help.contains("(default: your own; with ids, all that the key may see)"))
    }

    @Test func `whose jobs are cancelled is said, or they are one's own`() throws {
        func scope(_ arguments: String...) throws -> TenantScope? {
            try CancellationTenantFlags.parse(arguments).scope
        }
        #expect(try scope() == nil)
        #expect(try scope("--tenant", "shop") == .tenant("shop"))
        #expect(try scope("--all-tenants") == .all)
        #expect(throws: (any Error).self) { try scope("--tenant", "shop", "--all-tenants") }
        #expect(throws: (any Error).self) { try scope("--tenant", "") }
    }

    @Test func `a list ends where it ended when it was begun, and ages are those of then`() throws {
        var filter = JobFilter()
        filter.olderThanMilliseconds = 500
        var span = ListedSpan(filter)
        let begin = ContinuousClock.now
        let first = try #require(span.request(at: begin))
        #expect(first == JobListRequest(filter))
        var page = JobList()
        (page.next, page.last) = (7, 20)
        span.take(page, at: begin)
        let second = try #require(span.request(at: begin + .milliseconds(1500)))
        #expect(second.after == 7 && second.upTo == 20 && second.filter.olderThanMilliseconds == 2000)
        // More have come; the end stays.
        (page.next, page.last) = (15, 40)
        span.take(page, at: begin + .seconds(2))
        #expect(span.request(at: begin + .seconds(3))?.upTo == 20)
        // A broker that goes back.
        page.next = 15
        span.take(page, at: begin + .seconds(3))
        #expect(span.isAtEnd && span.request(at: begin + .seconds(4)) == nil)
        span.restart()
        let again = try #require(span.request(at: begin + .seconds(10)))
        #expect(again.after == 0 && again.upTo == 20 && again.filter.olderThanMilliseconds == 10_500)
    }

    @Test func `a place that was given again after a purge is of no list that was begun before`() throws {
        var span = ListedSpan(JobFilter())
        let begin = ContinuousClock.now
        var page = JobList()
        (page.next, page.last) = (7, 20)
        span.take(page, at: begin)
        // What is accepted now is younger.
        #expect(try #require(span.request(at: begin + .seconds(5))).filter.olderThanMilliseconds == 5000)
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

    @Test func `columns are where they were on the pages before`() {
        var report = JobReport(job: JobID(high: 0, low: 1), state: .done)
        (report.chunks, report.tenant) = (1, "a-long-name")
        var table = JobListText.widths
        let first = table.text([JobListText.heading, JobListText.row(report, at: 0)])
        (report.state, report.tenant, report.model) = (.cancelled, "a", "zz")
        let second = table.text([JobListText.row(report, at: 23 * 3_600_000 + 59 * 60_000)])
        func place(_ text: String, of word: String) -> Int? {
            text.range(of: word).map { text[..<$0.lowerBound].count }
        }
        let heading = String(first.prefix { $0 != "\n" })
        #expect(place(heading, of: "attempts") == 32 + 9 + 11 + 14 + 4 * 2)
        #expect(place(heading, of: "model") == place(second, of: "zz"), "\(second)")
    }

    @Test func `of several brokers, each job's object says which`() {
        var output = ReportOutput(json: true)
        output.add(JobReport(job: JobID(high: 0, low: 1), state: .queued), at: "tcp://a:1")
        #expect(String(decoding: output.bytes, as: UTF8.self).hasPrefix(#"{"endpoint":"tcp://a:1","job_id":"0"#))
    }

    @Test func `a question says how many jobs at least, and whose they may be`() {
        func question(_ count: Int, isWhole: Bool = true, _ scope: TenantScope?) -> String {
            CancellationExtent(count: count, isWhole: isWhole, scope: scope).question
        }
        #expect(question(1, nil) == "Cancel 1 job of your own tenant? [y/N] ")
        #expect(question(1000, isWhole: false, nil) == "Cancel at least 1,000 jobs of your own tenant? [y/N] ")
        #expect(question(2, .tenant("mail\n")) == #"Cancel 2 jobs of tenant mail\u{a}? [y/N] "#)
        // Those that were listed may all be of one tenant, and those that follow of others.
        #expect(question(1000, isWhole: false, .all) == "Cancel at least 1,000 jobs of all tenants? [y/N] ")
    }

    @Test func `the sum says what was cancelled, and what could not be`() {
        var tally = CancellationTally()
        #expect(tally.isEmpty && tally.text == "0 jobs cancelled")
        for state in [JobState.cancelled, .cancelled, .done, nil] { tally.count(state) }
        #expect(!tally.isEmpty && tally.text == "2 jobs cancelled; 2 had ended before")
    }
}
