import DragomanEngine
import Foundation
import Testing

@Suite("Texts with markup")
struct MarkupTests {
    private static let translator = Result { try Translator() }

    private func translate(
        _ text: String, _ markup: MarkupLanguage? = .html, _ change: (inout SearchOptions) -> Void = { _ in }
    )
        async throws -> Translation
    {
        var options = SearchOptions()
        options.markup = markup
        change(&options)
        return try await Self.translator.get().translate(TranslationRequest(.text(text), options: options))
    }

    @Test(
        "tags go where the translations of their words are",
        arguments: [
            ("The <b>red</b> house", "La maison <b>rouge</b>."),
            (
                "<p>I like <a href=\"x?a=1&amp;b=2\">this book</a> very much!</p>",
                "<p>J'aime beaucoup <a href=\"x?a=1&amp;b=2\">ce livre</a> !</p>"
            ),
            ("Welcome to <em>our</em> city", "Bienvenue à <em>notre</em> ville."),
            (
                "<ul>\n<li>Where is the <strong>train station</strong>?\n</ul>",
                "<ul>\n<li>Où se trouve la <strong>gare</strong> ?\n</ul>"
            ),
            ("<p translate=no>Where is it?</p>", "<p translate=no>Where is it?</p>"),
            ("<script>if (a < b) f()</script>", "<script>if (a < b) f()</script>"),
        ])
    func tags(_ source: String, _ expected: String) async throws {
        #expect(try await translate(source).hypotheses[0].text == expected)
    }

    @Test("what stays as it is is where it belongs, and nowhere else")
    func verbatim() async throws {
        for source in [
            "I like <code>x = y</code> very much!",
            "<p>The <span translate=\"no\">Red Hat. Inc</span> house is old.</p>",
            "<p><span class=\"notranslate\"> Acme</span> is a big house.</p>",
            "Press <kbd>Enter</kbd> and <kbd>Esc</kbd>.",
        ] {
            let output = try await translate(source).hypotheses[0].text
            for kept in source.matches(of: /<(code|span|kbd)[^>]*>.*?<\/\1>/) {
                #expect(output.ranges(of: kept.output.0).count == 1, "\(output)")
                let words = kept.output.0.replacing(/<[^>]*>/, with: "").filter { $0 != " " }
                #expect(output.filter { $0 != " " }.ranges(of: words).count == 1, "\(output)")
            }
        }
    }

    @Test("the words are those of the plain sentence, to the bit")
    func bits() async throws {
        for sentence in [
            "The red house is very old.", "The president of the United States arrived yesterday.", "I like it.",
        ] {
            let plain = try await translate(sentence, nil) { $0.beamSize = 4 }
            var words = sentence.split(separator: " ").map(String.init)
            words[1] = "<i><b>\(words[1])</b></i>"
            words[2] = "<u>\(words[2])"
            let marked = try await translate(words.joined(separator: " ") + "</u>") { $0.beamSize = 4 }
            #expect(marked.hypotheses[0].score == plain.hypotheses[0].score)
            #expect(marked.hypotheses[0].tokens == plain.hypotheses[0].tokens)
            #expect(marked.hypotheses[0].alignment == nil)
            let text = marked.hypotheses[0].text.replacing(/<[^>]*>/, with: "")
            #expect(text == plain.hypotheses[0].text)
        }
    }

    @Test("each hypothesis has its own tags; alignments are given where they are asked for")
    func hypotheses() async throws {
        let translation = try await translate("The <b>red</b> house is old.") {
            $0.beamSize = 4
            $0.nBest = 3
            $0.alignments = true
        }
        #expect(translation.hypotheses.count == 3)
        for hypothesis in translation.hypotheses {
            #expect(hypothesis.text.ranges(of: "<b>").count == 1 && hypothesis.text.ranges(of: "</b>").count == 1)
            #expect(hypothesis.alignment?.count == hypothesis.tokens.count)
        }
    }

    @Test("what cannot be is refused, with its place")
    func refusals() async throws {
        for (text, message) in [
            ("<a>x", "line 1, column 1: <a> has no end"), ("x < y", "line 1, column 3: a \"<\" begins no tag"),
        ] {
            await #expect {
                try await translate(text, .xml)
            } throws: {
                let error = $0 as? TranslationError
                return error?.code == .invalidMarkup && error?.message.contains(message) == true
            }
        }
        await #expect {
            try await translate("x", .html) { $0.paragraphs = true }
        } throws: { ($0 as? TranslationError)?.code == .invalidOption }
    }

    @Test("a page keeps its tags, whatever is in it, and its words do not depend on the batch")
    func page() async throws {
        let page = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>The red house</title><style>p > b { }</style></head>
            <body class='a>b'>
            <h1>Welcome to <em>our</em> city</h1>
            <p>One <b>two. Three</b> four.<br/>Good&nbsp;morning &lt;all&gt;, 5&euro;.<!-- a -- b --></p>
            <table><tr><td>I am <u>not tired</u>.<td><img src="x.png" alt="no"> Thank you</table>
            <pre>  int  x;
            </pre></body></html>
            """
        let tags = page.matches(of: /<[^>]*>/).map { String($0.output) }.sorted()
        let first = try await translate(page).hypotheses[0].text
        #expect(first.matches(of: /<[^>]*>/).map { String($0.output) }.sorted() == tags)
        #expect(first.contains("<pre>  int  x;\n</pre>"))
        async let beside = translate(page)
        async let other = translate("<p>Where is <b>it</b>?</p>")
        #expect(try await beside.hypotheses[0].text == first)
        _ = try await other
    }
}
