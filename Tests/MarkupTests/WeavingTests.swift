import Markup
import Testing
import Translations

/// Marks follow their words, by alignments that are given: no model is needed.
@Suite("Marks follow their words")
struct WeavingTests {
    /// Weaves one segment, which is all of a fragment's words.
    /// - Parameters:
    ///   - alignment: for each word of the output, the word of the source that it comes from.
    private func woven(
        _ markup: String, _ output: String, _ alignment: [Int], _ language: MarkupLanguage = .html
    ) throws -> String {
        let text = try MarkupText(markup, ElementRules(language: language))
        #expect(text.blocks.count == 1)
        let block = text.blocks[0]
        let words = Words(block.text), target = Words(output)
        let weights = alignment.map { word in words.ranges.indices.map { $0 == word ? Float(1) : 0 } }
        let range = (words.ranges.first?.lowerBound ?? 0)..<(words.ranges.last?.upperBound ?? 0)
        let begin = range.lowerBound
        let segment = WovenSegment(
            range: range, output: output,
            alignment: WordAlignment(
                source: words.ranges.map { $0.lowerBound - begin..<$0.upperBound - begin }, target: target.ranges,
                weights: weights))
        return text.replaced([block.woven([segment], of: text)])
    }

    private struct Words {
        var ranges: [Range<Int>] = []

        init(_ text: String) {
            var place = 0
            for part in text.split(separator: " ", omittingEmptySubsequences: false) {
                if !part.isEmpty { ranges.append(place..<place + part.utf8.count) }
                place += part.utf8.count + 1
            }
        }
    }

    @Test(
        "An element follows its words",
        arguments: [
            ("The <b>red</b> house", "La maison rouge", [0, 2, 1], "La maison <b>rouge</b>"),
            ("<b>Hello</b> world", "monde bonjour", [1, 0], "monde <b>bonjour</b>"),
            (
                "<p>The <i><b>red</b> house</i></p>", "La maison rouge", [0, 2, 1],
                "<p>La <i>maison <b>rouge</b></i></p>"
            ),
            ("one <b>two three</b> four", "un trois deux quatre", [0, 2, 1, 3], "un <b>trois deux</b> quatre"),
            // Words that are apart: the stretch with most of them.
            ("I <b>turn it</b> off", "J' éteins le X là", [0, 1, 2, 2, 1], "J' <b>éteins le X là</b>"),
            ("<b>one</b> <i>two</i>", "deux un", [1, 0], "<i>deux</i> <b>un</b>"),
            // A full stop that the model has set.
            ("the <b>red</b>", "le rouge .", [0, 1, 1], "le <b>rouge</b> ."),
            // Two that became one word.
            ("<b>ice</b> <i>cream</i>", "glace", [0], "<i><b>glace</b></i>"),
            ("a <b>b <i>c</i></b> d", "D C B A", [3, 2, 1, 0], "D <b><i>C</i> B</b> A"),
        ])
    func elements(_ markup: String, _ output: String, _ alignment: [Int], _ expected: String) throws {
        #expect(try woven(markup, output, alignment) == expected)
    }

    @Test(
        "What has no words stands where the words around it part",
        arguments: [
            ("one <img src='a.png'> two", "un deux", [0, 1], "un <img src='a.png'> deux"),
            ("one<img> two", "un deux", [0, 1], "un<img> deux"),
            ("one <img>two", "un deux", [0, 1], "un <img>deux"),
            ("one <i></i> two", "un deux", [0, 1], "un <i></i> deux"),
            ("one <!-- x --> two", "un deux", [0, 1], "un <!-- x --> deux"),
            ("un<wbr>believ<wbr>able", "incroyable", [0], "<wbr>incroyable<wbr>"),
            ("<img> one two", "un deux", [0, 1], "<img> un deux"),
            ("<a><img></a> one two", "deux un", [1, 0], "<a><img></a> deux un"),
            ("one <a href='x'><img></a> two", "un deux", [0, 1], "un <a href='x'><img></a> deux"),
            ("one two <img> three", "trois un deux", [2, 0, 1], "trois un deux <img>"),
            ("<!--a-->one <!--b-->two", "deux un", [1, 0], "<!--a--><!--b-->deux un"),
            (
                "<p>one <b>two <i>three</b> four</i> five</p>", "quatre cinq un deux trois", [3, 4, 0, 1, 2],
                "<p>quatre cinq un <b>deux <i>trois</b></i></p>"
            ),
            ("one two<sup>1</sup>", "deux1 un", [1, 0], "deux<sup>1</sup> un"),
        ])
    func points(_ markup: String, _ output: String, _ alignment: [Int], _ expected: String) throws {
        #expect(try woven(markup, output, alignment) == expected)
    }

    @Test(
        "Spaces are on the side of a tag where the source has them",
        arguments: [
            ("one<b> two</b> three", "un deux trois", [0, 1, 2], "un<b> deux</b> trois"),
            ("one <b>two </b>three", "un deux trois", [0, 1, 2], "un <b>deux </b>trois"),
            ("one <b>two</b> three", "un deux trois", [0, 1, 2], "un <b>deux</b> trois"),
        ])
    func spaces(_ markup: String, _ output: String, _ alignment: [Int], _ expected: String) throws {
        #expect(try woven(markup, output, alignment) == expected)
    }

    @Test(
        "What stays as it is takes the place of its words",
        arguments: [
            (
                "Run <code>ls  -l</code> now", "maintenant ls -l exécutez", [3, 1, 2, 0],
                "maintenant <code>ls  -l</code> exécutez"
            ),
            (
                "See <span translate=\"no\">Red <b>Hat</b></span> here", "Voir Chapeau Rouge ici", [0, 2, 1, 3],
                "Voir <span translate=\"no\">Red <b>Hat</b></span> ici"
            ),
            ("<code> x</code> is red", "est x rouge", [1, 0, 2], "est<code> x</code> rouge"),
            // The model left it out.
            ("Run <code>ls</code> now", "Exécutez maintenant", [0, 2], "Exécutez <code>ls</code> maintenant"),
        ])
    func verbatim(_ markup: String, _ output: String, _ alignment: [Int], _ expected: String) throws {
        #expect(try woven(markup, output, alignment) == expected)
    }

    @Test(
        "References are characters, and characters that are markup are written as references",
        arguments: [
            ("Tom &amp; <b>Anna</b>", "Anna & Tom", [2, 1, 0], "<b>Anna</b> &amp; Tom"),
            ("a &lt;b&gt; <i>c</i>", "A <b> C", [0, 1, 2], "A &lt;b&gt; <i>C</i>"),
            ("10&nbsp;<i>km</i>", "10\u{A0}km", [0], "10&nbsp;<i>km</i>"),
            ("cost:&#160 one <b>two</b>", "coût:\u{A0}5 un deux", [0, 1, 2], "coût:&#160;5 un <b>deux</b>"),
            ("caf&eacute; <b>x</b>", "café y", [0, 1], "café <b>y</b>"),
            ("AT&T <b>x</b>", "AT&T y", [0, 1], "AT&amp;T <b>y</b>"),
        ])
    func references(_ markup: String, _ output: String, _ alignment: [Int], _ expected: String) throws {
        #expect(try woven(markup, output, alignment) == expected)
    }

    @Test("An element that goes over sentences keeps its tags in order")
    func sentences() throws {
        let text = try MarkupText("<p>One <b>two. Three</b> four.</p>", ElementRules(language: .html))
        let block = text.blocks[0]
        #expect(block.text == "One two. Three four.")
        func segment(_ range: Range<Int>, _ output: String) -> WovenSegment {
            let words = TextUnits.ranges(of: output)
            let weights = words.indices.map { unit in words.indices.map { $0 == unit ? Float(1) : 0 } }
            let source = TextUnits.ranges(
                of: String(decoding: Array(block.text.utf8)[range], as: UTF8.self))
            return WovenSegment(
                range: range, output: output, alignment: WordAlignment(source: source, target: words, weights: weights))
        }
        let woven = block.woven([segment(0..<8, "Un deux."), segment(9..<20, "Trois quatre.")], of: text)
        #expect(text.replaced([woven]) == "<p>Un <b>deux. Trois</b> quatre.</p>")
    }
}
