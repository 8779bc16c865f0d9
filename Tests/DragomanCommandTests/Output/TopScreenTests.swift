import DragomanCommand
import JobModel
import Testing

@Suite struct TopScreenTests {
    private func report(workers: Int = 2, consumers: Int = 2) -> StatusReport {
        var report = StatusReport()
        report.version = "1.2.3"
        report.epoch = 1
        report.uptimeMilliseconds = 60_000
        report.isOfAllTenants = true
        report.queuedJobs = 12
        report.deadJobs = 3
        report.oldestQueuedMilliseconds = 125_000
        report.workers = (0..<workers).map { number in
            var worker = StatusReport.WorkerStatus()
            worker.instance = "日本-\(number)"
            worker.models = ["en-fr"]
            (worker.leasedTokens, worker.windowTokens) = (10, 100)
            return worker
        }
        report.consumers = (0..<consumers).map { number in
            var consumer = StatusReport.ConsumerStatus()
            consumer.name = "consumer-\(number)"
            consumer.tenant = "shop"
            (consumer.acknowledged, consumer.lastSequence) = (1, UInt64(number + 1))
            return consumer
        }
        return report
    }

    private func text(_ screen: TopScreen, _ columns: Int = 200, _ rows: Int = 100) -> [String] {
        screen.lines(in: .init(columns: columns, rows: rows), time: "now").map(\.text)
    }

    @Test func `it has the queue, its oldest job, rates, dead jobs, workers and consumers`() {
        var screen = TopScreen(endpoints: ["tcp://a:1"])
        #expect(text(screen) == ["dragoman top  now  q: quit", "tcp://a:1 has not answered yet"])
        screen.take(report(), of: 0, at: "tcp://a:1")
        var later = report()
        later.uptimeMilliseconds += 2000
        (later.sentences, later.sourceTokens, later.done) = (30, 1000, 4)
        screen.take(later, of: 0, at: "tcp://a:1")
        let all = text(screen).joined(separator: "\n")
        #expect(all.contains("tcp://a:1, version 1.2.3, up 1 min 2 s"))
        #expect(all.contains("12 jobs, 0 chunks waiting (the oldest for 2 min 5 s)"))
        #expect(all.contains("speed    15.0 sentences/s, 500.0 tokens/s, 2.0 jobs/s"))
        #expect(all.contains("; 3 dead"))
        #expect(all.contains("日本-0") && all.contains("10 of 100"))
        // Those first that are furthest behind.
        let lines = text(screen).filter { $0.hasPrefix("consumer-") }
        #expect(lines.map { $0.prefix(10) } == ["consumer-1", "consumer-0"])
    }

    @Test func `a broker that does not answer keeps what it said, and another is shown beside it`() {
        var screen = TopScreen(endpoints: ["tcp://a:1", "tcp://b:1"])
        screen.take(report(), of: 0, at: "tcp://a:1")
        screen.take(problem: "nobody answered\u{1B}[2J", of: 0)
        screen.take(problem: "no route", of: 1)
        let lines = text(screen)
        #expect(lines[1] == "nobody answered\\u{1b}[2J")
        #expect(lines.contains { $0.contains("version 1.2.3") })
        #expect(lines.contains("no route"))
        screen.take(report(), of: 0, at: "tcp://a:2")
        #expect(text(screen).contains { $0.contains("tcp://a:2") })
        #expect(!text(screen).contains { $0.hasPrefix("nobody") })
    }

    @Test func `no size breaks it`() {
        var screen = TopScreen(endpoints: ["tcp://a:1", "tcp://b:1"])
        screen.take(report(workers: 50, consumers: 70), of: 0, at: "tcp://a:1")
        screen.take(report(workers: 1), of: 1, at: "tcp://b:1")
        for columns in [0, 1, 2, 7, 39, 80, 300] {
            for rows in [0, 1, 2, 5, 12, 24, 60, 300] {
                let lines = text(screen, columns, rows)
                #expect(lines.count <= rows)
                #expect(lines.allSatisfy { TextColumns.count($0) <= max(columns - 1, 0) })
            }
        }
    }

    @Test func `a line leaves the last column free, where what clears the rest would take a character away`() {
        var screen = TopScreen(endpoints: ["tcp://a:1"])
        screen.take(problem: String(repeating: "x", count: 100), of: 0)
        #expect(text(screen, 40)[1] == String(repeating: "x", count: 38) + "…")
        screen.take(problem: String(repeating: "x", count: 39), of: 0)
        #expect(text(screen, 40)[1] == String(repeating: "x", count: 39))
    }

    @Test(arguments: [(nil, false), ("", false), ("dumb", false), ("xterm-256color", true)] as [(String?, Bool)])
    func `a terminal that only writes lines is none to draw on`(term: String?, canDraw: Bool) {
        #expect(TerminalScreen.canDraw(term: term) == canDraw)
    }

    @Test func `where there is no room for all, what is left out is counted`() {
        var screen = TopScreen(endpoints: ["tcp://a:1"])
        screen.take(report(workers: 50, consumers: 2), of: 0, at: "tcp://a:1")
        let lines = text(screen, 200, 24)
        #expect(lines.count == 24)
        let workers = lines.count { $0.hasPrefix("日本-") }
        #expect(lines.contains("… and \(50 - workers) more"))
        #expect(lines.contains { $0.hasPrefix("consumer-0") })
    }

    @Test func `room is shared, and what one does not want is for the others`() {
        #expect(TopScreen.heights(of: [3, 50, 4], in: 100) == [3, 50, 4])
        #expect(TopScreen.heights(of: [3, 50, 4], in: 20) == [3, 13, 4])
        #expect(TopScreen.heights(of: [30, 50], in: 20) == [10, 10])
        #expect(TopScreen.heights(of: [30, 50], in: -5) == [0, 0])
        #expect(TopScreen.heights(of: [], in: 5) == [])
    }

    @Test func `rates are of the last seconds, by the broker's clock, and begin anew with the broker`() {
        var rates = StatusRates()
        var report = report()
        rates.add(report)
        #expect(rates.text == nil)
        rates.add(report)
        #expect(rates.text == nil)
        for _ in 0..<20 {
            report.uptimeMilliseconds += 1000
            report.sentences += 10
            rates.add(report)
        }
        for _ in 0..<6 {
            report.uptimeMilliseconds += 1000
            report.sentences += 20
            rates.add(report)
        }
        #expect(rates.text == "20.0 sentences/s, 0.0 tokens/s, 0.0 jobs/s")
        report.epoch += 1
        report.uptimeMilliseconds = 1
        rates.add(report)
        #expect(rates.text == nil)
    }
}
