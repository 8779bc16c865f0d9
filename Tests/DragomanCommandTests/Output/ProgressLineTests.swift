import DragomanCommand
import Testing

@Suite struct ProgressLineTests {
    @Test func `it says how much has been done, and how fast`() {
        var line = ProgressLine()
        #expect(line.text(after: .seconds(1)) == "0 lines, 0.0 lines/s")
        for _ in 0..<1500 { line.add(Outcome(output: [], tokenCount: 20)) }
        #expect(line.text(after: .seconds(2)) == "1,500 lines, 750 lines/s, 15,000 tokens/s")
        #expect(line.text(after: .zero).hasPrefix("1,500 lines"))
    }

    @Test func `where the end is known, it says how far the work is, and how long the rest takes`() {
        var line = ProgressLine(unit: "jobs")
        line.reach(1500)
        #expect(line.text(after: .seconds(2)) == "1,500 jobs, 750 jobs/s")
        line.total = 3000
        #expect(
            line.text(after: .seconds(2))
                == "[##########..........] 50 %, 1,500 of 3,000 jobs, 750 jobs/s, 0:02 left")
        #expect(line.text(after: .seconds(2), width: 60) == "50 %, 1,500 of 3,000 jobs, 750 jobs/s, 0:02 left")
        #expect(line.text(after: .seconds(2), width: 20) == "50 %")
        line.reach(4000)
        #expect(line.text(after: .seconds(7200)).hasSuffix("100 %, 3,000 of 3,000 jobs, 0.6 jobs/s, 0:00 left"))
        line = ProgressLine(unit: "jobs", total: 10)
        #expect(line.text(after: .seconds(3)) == "[....................] 0 %, 0 of 10 jobs, 0.0 jobs/s")
        #expect(ProgressLine(unit: "jobs", total: 0).text(after: .seconds(3)) == "0 jobs, 0.0 jobs/s")
        #expect(TextColumns.count(ProgressLine().text(after: .seconds(3), width: 5)) == 5)
    }

    @Test func `quantities are grouped by thousands`() {
        #expect(
            [0, 999, 1000, -1_234_567].map(Quantity.grouped) == ["0", "999", "1,000", "-1,234,567"])
        #expect(
            [999, 1_500, 36_543_210, 1_200_000_000].map(Quantity.bytes)
                == ["999 bytes", "1.5 kB", "36.5 MB", "1.2 GB"])
    }
}
