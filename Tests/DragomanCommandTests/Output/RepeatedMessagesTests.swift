import DragomanCommand
import Testing

@Suite struct RepeatedMessagesTests {
    /// Which of the messages are written, and what is said in the end.
    private func read(_ messages: [String]) -> (written: [Bool], summary: [String]) {
        var repeated = RepeatedMessages()
        let written = messages.map { repeated.isNew($0) }
        return (written, repeated.summary)
    }

    @Test func `places, ids and counts make no other kind, and words do`() {
        let (written, summary) = read([
            "line 1: has 12 bytes", "line 20: has 7 bytes", "line 2: has 12 sources", "line 1: has 12 bytes",
        ])
        #expect(written == [true, false, true, false])
        #expect(summary == ["2 more like line 1: has 12 bytes"])
    }

    @Test func `no more kinds are kept than a hundred, and all messages of further kinds are written`() {
        let words = (1...101).map { String(repeating: "x", count: $0) }
        let (written, summary) = read(words + [words[99], words[100]])
        #expect(written == Array(repeating: true, count: 101) + [false, true])
        #expect(summary == ["1 more like \(words[99])"])
    }
}
