import Documents
import Testing

@Suite struct YAMLTests {
    private let text = """
        # A comment: no text
        en:
          plain: Hello there # aside
          flag: true
          count: 12
          long: A text that goes
            over two lines
          single: 'It''s here'
          double: "Say \\"hello\\"\\n"
          anchor: &a Shared text
          alias: *a
          literal: |
            First line.
              indented
            Last line.

          folded: >-
            One
            two

            three
          flow: {a: yes and no, b: [one thing, "two"]}
          list:
          - item one
          -   - "12"
        ---
        other: document

        """

    @Test func `strings are translated where they stand`() throws {
        let document = try DocumentFile(text, .yaml)
        #expect(
            document.units == [
                "Hello there", "A text that goes over two lines", "It's here", "Say \"hello\"", "Shared text",
                "First line.\n  indented\nLast line.", "One two\nthree", "yes and no", "one thing", "two", "item one",
                "document",
            ])
        #expect(try document.unchanged() == Array(text.utf8))
        let expected = text.replacing("Hello there", with: "HELLO THERE")
            .replacing("A text that goes\n    over two lines", with: "A TEXT THAT GOES OVER TWO LINES")
            .replacing("It''s here", with: "IT''S HERE").replacing("Say \\\"hello\\\"\\n", with: "SAY \\\"HELLO\\\"\\n")
            .replacing("&a Shared text", with: "&a SHARED TEXT")
            .replacing("First line.\n      indented\n    Last", with: "FIRST LINE.\n    INDENTED\n    LAST")
            .replacing("LAST line.", with: "LAST LINE.")
            .replacing("One\n    two\n\n    three", with: "ONE TWO\n\n    THREE")
            .replacing("yes and no", with: "YES AND NO").replacing("one thing", with: "ONE THING")
            .replacing("\"two\"", with: "\"TWO\"").replacing("item one", with: "ITEM ONE")
            .replacing("document\n", with: "DOCUMENT\n")
        expectSame(try shouted(text, .yaml).utf8, expected)
    }

    @Test func `what would mean something else without quotes gets them`() throws {
        let document = try DocumentFile("a: one\nb: two\nc: three\nd: {e: four}\nf: five\n", .yaml)
        let written = try document.written(with: ["note: it", "oui", "no", "a, b", "# five"])
        #expect(
            String(decoding: written, as: UTF8.self)
                == "a: \"note: it\"\nb: oui\nc: \"no\"\nd: {e: \"a, b\"}\nf: \"# five\"\n")
    }

    @Test func `single quotes and line ends of a translation are written so that they are read`() throws {
        let document = try DocumentFile("a: 'one'\nb: >\n  two\n", .yaml)
        let written = String(decoding: try document.written(with: ["l'un\nl'autre", "deux\ntrois"]), as: UTF8.self)
        #expect(written == "a: 'l''un\n\nl''autre'\nb: >\n  deux\n\n  trois\n")
        #expect(try DocumentFile(written, .yaml).units == ["l'un\nl'autre", "deux\ntrois"])
    }

    @Test func `what is not YAML, and what is more than the file, is refused`() {
        let fault = #expect(throws: DocumentError.self) { try DocumentFile("a: b\n c: d\n", .yaml) }
        #expect(fault?.place == .line(2))
        #expect(throws: DocumentError.self) { try DocumentFile(String(repeating: "[", count: 50_000), .yaml) }
        #expect(throws: DocumentError.self) { try DocumentFile(String(repeating: "- ", count: 50_000), .yaml) }
        #expect(throws: DocumentError.self) { try DocumentFile("a: 'b", .yaml) }
        var bomb = "a0: &a0 [lol, lol]\n"
        for level in 1...30 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n" }
        let error = #expect(throws: DocumentError.self) { try DocumentFile(bomb, .yaml) }
        #expect(error?.code == .tooLarge)
    }
}
