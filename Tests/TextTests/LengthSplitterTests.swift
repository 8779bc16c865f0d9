import Foundation
import TestKit
import Testing
import Text

@Suite struct LengthSplitterTests {
    private static func words(_ text: Substring) -> Int { text.split(whereSeparator: \.isWhitespace).count }
    private static func scalars(_ text: Substring) -> Int { text.unicodeScalars.count }

    /// A bar in a text stands where its parts are cut.
    private func expectParts(
        _ expected: String, _ boundary: SplitBoundary, limit: Int, count: (Substring) -> Int = Self.scalars
    ) {
        let text = expected.replacing("|", with: "")
        let parts = LengthSplitter(limit: limit).parts(of: text[...], count: count)
        #expect(parts.map(\.text).joined(separator: "|") == expected)
        #expect(parts.dropLast().allSatisfy { $0.boundary == boundary })
        #expect(parts.last?.boundary == nil)
    }

    @Test func `a sentence that fits is one part`() {
        let parts = LengthSplitter(limit: 5).parts(of: "a b c d e") { Self.words($0) }
        #expect(parts.map(\.text) == ["a b c d e"])
        #expect(parts[0].boundary == nil)
        #expect(LengthSplitter(limit: 1).parts(of: "") { Self.words($0) }.map(\.text) == [""])
    }

    @Test(arguments: [
        "one two three, |four five six", "one two three; |four five six", "one two three: |four five six",
        "one two three — |four five six", "one two three - |four five six", "one two (three) |four five six",
        "one two three |(four five) six", "one “two three,” |four five six", "one two—|three four",
        "he said “why?” |she knew",
        "一二三四，|五六七八", "一二三、|四五六", "（一二三）|四五六七", "واحد اثنان، |ثلاثة أربعة",
    ])
    func `a clause is the first choice`(expected: String) {
        expectParts(expected, .clause, limit: expected.unicodeScalars.count * 7 / 10)
    }

    @Test func `punctuation inside a number or an address is no clause`() {
        expectParts("aaa 10:30 |1,000 bb", .word, limit: 12)
        expectParts("see http://a.b/c,d |and more of it", .word, limit: 20)
    }

    @Test func `a word boundary is the second choice`() {
        expectParts("one two three |four five six", .word, limit: 16)
        expectParts("aaa bbb ccc |ddd eee fff", .word, limit: 4, count: Self.words)
    }

    @Test func `a comma at the very end is not worth a tiny tail`() {
        let parts = LengthSplitter(limit: 20).parts(of: "one two three four five six, x", count: Self.scalars)
        #expect(parts.map(\.text) == ["one two three ", "four five six, x"])
    }

    @Test func `spaces that forbid a break are used only where there are no others`() {
        expectParts("aaaa |10\u{A0}000 bbb", .word, limit: 14)
        expectParts("aaaa\u{A0}|bbbb", .word, limit: 6)
    }

    @Test func `a long word is cut between characters`() {
        expectParts("abcde|fghij", .character, limit: 5)
        expectParts("👨‍👩‍👧👨‍👩‍👧|👨‍👩‍👧👨‍👩‍👧", .character, limit: 10)
        expectParts("e\u{301}|e\u{301}e\u{301}", .character, limit: 4)
    }

    @Test func `a character that does not fit is cut between its scalars`() {
        let parts = LengthSplitter(limit: 3).parts(of: "a\u{301}\u{302}\u{303}\u{304}\u{305}", count: Self.scalars)
        #expect(parts.map { Self.scalars($0.text) } == [3, 3])
        #expect(parts[0].boundary == .character)
    }

    @Test func `a scalar that does not fit is kept`() {
        let parts = LengthSplitter(limit: 1).parts(of: "ﷺﷺ") { $0.utf8.count }
        #expect(parts.map(\.text) == ["ﷺ", "ﷺ"])
    }

    @Test func `parts share the tokens out evenly`() {
        for words in [6, 11, 17, 23, 50, 101] {
            let text = Array(repeating: "word", count: words).joined(separator: " ")
            let parts = LengthSplitter(limit: 5).parts(of: text[...], count: Self.words)
            let counts = parts.map { Self.words($0.text) }
            #expect(counts.allSatisfy { $0 <= 5 && $0 >= 2 })
            #expect(parts.count <= (words + 4) / 5 * 3 / 2 + 1)
        }
    }

    @Test func `parts fit and are the sentence, whatever it is`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<4000 {
            let text = RandomText.make(length: 80, using: &random)
            let limit = Int.random(in: 1...20, using: &random)
            let parts = LengthSplitter(limit: limit).parts(of: text[...], count: Self.scalars)
            #expect(parts.flatMap { Array($0.text.utf8) } == text.bytes)
            #expect(parts.allSatisfy { Self.scalars($0.text) <= limit })
            #expect(parts.dropLast().allSatisfy { $0.boundary != nil && !$0.text.isEmpty })
            #expect(parts.last?.boundary == nil)
        }
    }

    @Test(arguments: ["a", "word ", "a, ", "漢", "\u{301}", "🇫🇷", " ", "ab\u{A0}"], [1_000_000, 10_000_000])
    func `counting stays cheap on a line of megabytes`(pattern: String, bytes: Int) {
        let text = String(repeating: pattern, count: bytes / pattern.utf8.count)
        var (calls, counted) = (0, 0)
        let parts = LengthSplitter(limit: 256).parts(of: text[...]) { stretch in
            calls += 1
            counted += stretch.utf8.count
            return (stretch.utf8.count + 3) / 4
        }
        #expect(calls <= 2 * parts.count)
        #expect(counted <= 8 * text.utf8.count)
        #expect(parts.count <= 2 * text.utf8.count / 4 / 256)
        #expect(parts.reduce(0) { $0 + $1.text.utf8.count } == text.utf8.count)
    }

    @Test func `real tokens fit`() throws {
        let tokenizer = try Fixtures.demoTokenizer()
        let text = try Fixtures.lines(Fixtures.folder.appending(path: "samples.en")).joined(separator: " ")
        let parts = try LengthSplitter(limit: 40).parts(of: text[...]) { try tokenizer.count($0) }
        #expect(try parts.allSatisfy { try tokenizer.count($0.text) <= 40 })
        #expect(parts.map(\.text).joined() == text)
    }
}
