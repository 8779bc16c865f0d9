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

    @Test func `quantities are grouped by thousands`() {
        #expect(
            [0, 999, 1000, -1_234_567].map(Quantity.grouped) == ["0", "999", "1,000", "-1,234,567"])
        #expect(
            [999, 1_500, 36_543_210, 1_200_000_000].map(Quantity.bytes)
                == ["999 bytes", "1.5 kB", "36.5 MB", "1.2 GB"])
    }
}
