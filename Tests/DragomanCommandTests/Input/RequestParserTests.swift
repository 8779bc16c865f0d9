import DragomanCommand
import DragomanEngine
import JobModel
import Testing

@Suite struct RequestParserTests {
    private func request(_ format: InputFormat, _ content: [UInt8]) throws -> TranslationRequest {
        try RequestParser(format: format).request(Line(number: 1, content: content, ending: .newline))
    }

    private func request(_ format: InputFormat, _ content: String) throws -> TranslationRequest {
        try request(format, Array(content.utf8))
    }

    @Test func `a line is text as it is`() throws {
        #expect(try request(.lines, " a\0\tb ").source == .text(" a\0\tb "))
    }

    @Test func `tokens are separated by spaces and tabs only`() throws {
        // A no-break space, an ideographic space and a combining mark after a space are tokens of real vocabularies.
        let input = "  \u{2581}a\t\u{A0} \u{3000}b \u{301}c  "
        #expect(try request(.tokens, input).source == .tokens(["\u{2581}a", "\u{A0}", "\u{3000}b", "\u{301}c"]))
    }

    @Test(
        arguments: [
            ([0x61, 0xFF], 1, "0xFF"),
            ([0x61, 0x62, 0xE2, 0x82], 2, "0xE2"),  // cut short
            ([0xC3, 0xA9, 0xC0, 0x80], 2, "0xC0"),  // overlong
            ([0xED, 0xA0, 0x80], 0, "0xED"),  // a surrogate
            ([0xF4, 0x90, 0x80, 0x80], 0, "0xF4"),  // above U+10FFFF
            ([0x80], 0, "0x80"),
            ([0x09, 0x0A, 0x0B, 0xFE], 1, "0xFE"),  // counted from the beginning of its own line
        ] as [([UInt8], Int, String)])
    func `invalid UTF-8 is an error that says where`(bytes: [UInt8], offset: Int, byte: String) throws {
        let error = #expect(throws: RequestError.self) { try request(.lines, bytes) }
        #expect(error?.code == "invalid_utf8")
        #expect(error?.message == "invalid UTF-8 at byte offset \(offset) (\(byte))")
        #expect(error?.linesBefore == (bytes.contains(0x0A) ? 1 : 0))
    }

    @Test func `awkward but valid UTF-8 is kept to the byte`() throws {
        let text = "e\u{301} \u{1F469}\u{200D}\u{1F52C} \u{200B}\u{FEFF} \u{5E9}\u{5DC} \u{FFFD} \u{10FFFF}"
        let source = try request(.lines, text).source
        #expect(Array(source.text.utf8) == Array(text.utf8))
    }

    @Test func `a prefix on the command line is cut into tokens when the input is`() throws {
        var options = SearchOptions()
        options.prefix = .text("\u{2581}a b")
        let line = Line(number: 1, content: [0x61], ending: .newline)
        let tokens = try RequestParser(format: .tokens, options: options).request(line)
        #expect(tokens.options.prefix == .tokens(["\u{2581}a", "b"]))
        let lines = try RequestParser(format: .lines, options: options).request(line)
        #expect(lines.options.prefix == .text("\u{2581}a b"))
    }

    @Test func `a bad target is told from a bad source`() throws {
        let parser = RequestParser(format: .lines)
        let fine = Line(number: 1, content: [0x61], ending: .newline)
        let bad = Line(number: 1, content: [0xFF], ending: .newline)
        #expect(try parser.request(fine, target: fine).target == .text("a"))
        let error = #expect(throws: RequestError.self) { try parser.request(fine, target: bad) }
        #expect(error?.message == "target: invalid UTF-8 at byte offset 0 (0xFF)")
    }

    @Test func `a line too long to hold is an error`() throws {
        let line = Line(number: 1, content: [], ending: .newline, isTooLong: true)
        let error = #expect(throws: RequestError.self) { try RequestParser(format: .lines).request(line) }
        #expect(error?.code == "too_long")
    }
}
