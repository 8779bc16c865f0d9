import Documents
import Testing

@Suite struct MarkdownTests {
    private let page = """
        ---
        title: Not text
        ---

        # A *big* heading #

        Some **bold text** and `code`, a [link](http://a.b/c "Title") and
        a second line with ![an image](i.png).

        Setext
        ------

        - [ ] A task
        - Item one
          goes on

          ```swift
          let code = "no text"
          ```
        1. First

        > A quote
        lazily continued

            indented code

        | Name | What *it* is |
        |------|:------------:|
        | `x`  | a \\| pipe    |

        <div>
        no text
        </div>

        [label]: http://x.y "Z"

        See [label], [that][label] and [^1].

        [^1]: A note.

        ***

        Last line\\
        with a break.

        """

    @Test func `paragraphs, headings, items and cells are the texts`() throws {
        let document = try DocumentFile(page, .markdown)
        #expect(
            document.units == [
                "A <g id=\"1\">big</g> heading",
                "Some <g id=\"4\">bold text</g> and <x id=\"1\"/>, a <g id=\"2\">link</g> and a second line with <g id=\"3\">an image</g>.",
                "Setext", "A task", "Item one goes on", "First", "A quote lazily continued", "Name",
                "What <g id=\"1\">it</g> is", "a | pipe",
                "See <g id=\"1\">label</g>, <g id=\"2\">that</g> and <x id=\"3\"/>.", "A note.",
                "Last line<x id=\"1\"/>with a break.",
            ])
        #expect(try document.unchanged() == Array(page.utf8))
    }

    @Test func `only the texts change`() throws {
        var expected = page
        for (old, new) in [
            ("A *big* heading", "A *BIG* HEADING"),
            ("Some **bold text** and `code`, a [link](http", "SOME **BOLD TEXT** AND `code`, A [LINK](http"),
            ("\"Title\") and\n", "\"Title\") AND\n"),
            ("a second line with ![an image]", "A SECOND LINE WITH ![AN IMAGE]"),
            ("Setext", "SETEXT"), ("A task", "A TASK"), ("Item one\n  goes on", "ITEM ONE\n  GOES ON"),
            ("First", "FIRST"),
            ("> A quote\nlazily continued", "> A QUOTE LAZILY\nCONTINUED"), ("Name", "NAME"),
            ("What *it* is", "WHAT *IT* IS"), ("a \\| pipe", "A \\| PIPE"),
            ("See [label], [that][label] and [^1].", "SEE [LABEL][label], [THAT][label] AND [^1]."),
            ("A note.", "A NOTE."), ("Last line\\\nwith a break.", "LAST LINE\\\nWITH A BREAK."),
        ] { expected = expected.replacing(old, with: new) }
        expectSame(try shouted(page, .markdown).utf8, expected)
    }

    @Test(
        "emphasis is what CommonMark says it is",
        arguments: [
            ("a *b **c** d* e", "a <g id=\"2\">b <g id=\"1\">c</g> d</g> e"), ("a * b * c", "a * b * c"),
            ("snake_case_name here", "snake_case_name here"), ("a ***b*** c", "a <g id=\"2\"><g id=\"1\">b</g></g> c"),
            ("a **b* c", "a *<g id=\"1\">b</g> c"), ("x \\*y\\* z", "x *y* z"), ("a ~~b~~ c", "a <g id=\"1\">b</g> c"),
            ("see <http://x.y/z> now", "see <x id=\"1\"/> now"), ("a <kbd>b</kbd> c", "a <g id=\"1\">b</g> c"),
            ("a [b](c d) e", "a [b](c d) e"), ("a [b [c](d) e](f) g", "a [b <g id=\"1\">c</g> e](f) g"),
            ("a ``b ` c`` d", "a <x id=\"1\"/> d"), ("a `b c", "a `b c"), ("1 < 2 & x", "1 &lt; 2 &amp; x"),
        ])
    func emphasis(text: String, unit: String) throws {
        let document = try DocumentFile(text, .markdown)
        #expect(
            document.units == [
                document.markup == nil ? unit.replacing("&lt;", with: "<").replacing("&amp;", with: "&") : unit
            ])
        #expect(try document.unchanged() == Array(text.utf8))
    }

    @Test func `what a translation says is text, and no block or code`() throws {
        let document = try DocumentFile("One\n\nTwo\n\nThree\n", .markdown)
        let written = try document.written(with: ["- un", "2. deux", "[a](b) *c* `d` <e>"])
        #expect(String(decoding: written, as: UTF8.self) == "\\- un\n\n2\\. deux\n\n[a\\](b) \\*c\\* \\`d\\` \\<e>\n")
        #expect(try DocumentFile(written, format: .markdown).units == ["- un", "2. deux", "[a](b) *c* `d` <e>"])
    }

    @Test func `hard texts are read quickly`() throws {
        for piece in ["*a ", "**a_ ", "[", "![a](", "`", "<a ", "> ", "- ", "[a][", "~~", "|a", "\\"] {
            let text = String(repeating: piece, count: 20_000)
            let document = try DocumentFile(text, .markdown)
            #expect(try document.unchanged() == Array(text.utf8))
        }
    }
}
