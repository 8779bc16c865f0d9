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
                "A <g1>big</g1> heading",
                "Some <g4>bold text</g4> and <x1/>, a <g2>link</g2> and a second line with <g3>an image</g3>.",
                "Setext", "A task", "Item one goes on", "First", "A quote lazily continued", "Name",
                "What <g1>it</g1> is", "a | pipe", "See <g1>label</g1>, <g2>that</g2> and <x3/>.", "A note.",
                "Last line<x1/>with a break.",
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
            ("a *b **c** d* e", "a <g2>b <g1>c</g1> d</g2> e"), ("a * b * c", "a * b * c"),
            ("snake_case_name here", "snake_case_name here"), ("a ***b*** c", "a <g2><g1>b</g1></g2> c"),
            ("a **b* c", "a *<g1>b</g1> c"), ("x \\*y\\* z", "x *y* z"), ("a ~~b~~ c", "a <g1>b</g1> c"),
            ("see <http://x.y/z> now", "see <x1/> now"), ("a <kbd>b</kbd> c", "a <g1>b</g1> c"),
            ("a [b](c d) e", "a [b](c d) e"), ("a [b [c](d) e](f) g", "a [b <g1>c</g1> e](f) g"),
            ("a ``b ` c`` d", "a <x1/> d"), ("a `b c", "a `b c"), ("1 < 2 & x", "1 &lt; 2 &amp; x"),
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
