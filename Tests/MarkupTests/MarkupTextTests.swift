import Markup
import Testing
import Translations

@Suite("Blocks of markup")
struct MarkupTextTests {
    private func blocks(_ source: String, _ rules: ElementRules = ElementRules(language: .html)) throws -> [String] {
        try MarkupText(source, rules).blocks.map(\.text)
    }

    @Test(
        "HTML is cut where browsers begin a line",
        arguments: [
            ("<h1>One</h1><p>Two <b>three</b></p>", ["One", "Two three"]),
            ("<ul><li>a<li>b</ul>c", ["a", "b", "c"]),
            ("one<br>two", ["one", "two"]),
            ("<table><tr><td>a<td>b</table>", ["a", "b"]),
            ("a <my-tag>b</my-tag> c", ["a b c"]),
            ("<script>var a = '<p>x</p>'</script>y", ["y"]),
            ("<title>A & B</title><style>p > b {}</style>", ["A & B"]),
            ("<p>a\n  b</p>", ["a b"]),
            ("<pre>int x;</pre><p>a</p>", ["a"]),
            ("<p translate=no>a</p><p class='x notranslate'>b</p>c", ["c"]),
            ("1 < 2 and 3 > 2", ["1 < 2 and 3 > 2"]),
            ("<P>A</P><SCRIPT>b</SCRIPT>", ["A"]),
            ("a<!-- b -->c", ["ac"]),
            ("&lt;p&gt; &copy 2020 &notit; &#128512;", ["<p> © 2020 ¬it; 😀"]),
            ("One<sup><a href='#n'>1</a></sup> and two<sup>[2]</sup>. 3 m<sup>2</sup>", ["One and two. 3 m2"]),
            ("<ul><li class=notranslate>a<li>b</ul><p translate=NO>c<p>d<div>e</div>", ["b", "d", "e"]),
            ("<table><tr><td translate=no>a<td>b</table>c", ["b", "c"]),
            ("<!-- a --!> b <!-- c -->", [" b "]),
            ("a <?php echo $x->y ?> b <% if c > d %> e", ["a b e"]),
            ("", []), ("<p></p>", []), ("<p> \n </p>", []),
        ])
    func html(_ source: String, _ expected: [String]) throws {
        #expect(try blocks(source) == expected)
    }

    @Test(
        "XML is cut at elements that have no words beside them",
        arguments: [
            ("<a><b>one</b><c>two</c></a>", ["one", "two"]),
            ("<a>one <b>two</b></a>", ["one two"]),
            ("<a>one <b><c>two</c></b></a>", ["one two"]),
            ("one <x/> two", ["one two"]),
            ("<a><![CDATA[x]]>y</a>", ["y"]),
            ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b \"<x>\">]><a>one</a>", ["one"]),
            ("<a>x&b;y</a>", ["xy"]),
            ("\u{FEFF}<r><p>one</p><p>two</p></r>", ["one", "two"]),
            ("<r><p>one</p>&#160;<p>two</p></r>", ["one", "two"]),
            ("<!DOCTYPE a [<?x it's a>b?>]><a>one</a>", ["one"]),
        ])
    func xml(_ source: String, _ expected: [String]) throws {
        #expect(try blocks(source, ElementRules(language: .xml)) == expected)
    }

    @Test("A request says which elements split, do not split, and stay")
    func rules() throws {
        let source = "<a>one <b>two</b> <c>three</c></a>"
        #expect(try blocks(source, ElementRules(language: .xml, splitting: ["b"])) == ["one ", "two", " three"])
        #expect(
            try blocks("<a><b>two</b> <b>three</b></a>", ElementRules(language: .xml, inline: ["b"])) == ["two three"])
        #expect(try blocks("<p>one</p><p>two</p>", ElementRules(language: .html, inline: ["P"])) == ["onetwo"])
        #expect(try blocks("<a><b>two</b><c>x</c></a>", ElementRules(language: .xml, ignored: ["b"])) == ["x"])
    }

    @Test(
        "XML that is not well-formed is refused, with the place",
        arguments: [
            ("<a>\n<b></a>", "line 2, column 4: expected </b>, found </a>"),
            ("<a>", "line 1, column 1: <a> has no end"),
            ("</a>", "line 1, column 1: </a> ends no element"),
            ("a < b", "line 1, column 3: a \"<\" begins no tag; write \"&lt;\" for the character"),
            ("<a b=c/>", "line 1, column 4: the attribute \"b\" needs a value in quotes"),
            ("<a b='1' b='2'/>", "line 1, column 10: the attribute \"b\" is given twice"),
            ("<a b='1", "line 1, column 1: a tag has no end"),
            ("<!-- a", "line 1, column 1: \"<!--\" has no end; expected \"-->\""),
            ("<![CDATA[a", "line 1, column 1: \"<![CDATA[\" has no end; expected \"]]>\""),
        ])
    func refused(_ source: String, _ expected: String) {
        #expect {
            try MarkupText(source, ElementRules(language: .xml))
        } throws: { ($0 as? MarkupError)?.description == expected }
    }

    @Test("Thousands of tags at one place take time in proportion")
    func hostile() throws {
        for part in [
            "<img><b>", "<code>x</code>", "<b>你</b>", "<b>", "<code>", "<i></i>", "</p>", "<!", "<p translate=no>",
            "<b><i></b>",
        ] {
            let source = "a" + String(repeating: part, count: 3_000) + String(repeating: "</u>", count: 3_000) + "b"
            let text = try MarkupText(source, ElementRules(language: .html))
            let contents = text.blocks.map { block in
                let range = 0..<block.text.utf8.count
                return block.woven(
                    [
                        WovenSegment(
                            range: range, output: "x y",
                            alignment: WordAlignment(
                                source: [0..<1, 1..<2], target: [0..<1, 2..<3], weights: [[1, 0], [0, 1]]))
                    ], of: text)
            }
            #expect(text.replaced(contents).utf8.count >= part.utf8.count * 3_000)
        }
    }
}
