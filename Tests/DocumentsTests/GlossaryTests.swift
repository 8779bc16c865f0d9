import TestKit
import Testing
import Translations

@Suite struct GlossaryTests {
    private func found(_ phrases: [String], _ text: String) -> [String] {
        PhraseMatcher(phrases).matches(in: text).map { match in
            let bytes = Array(text.utf8)[match.range]
            #expect(bytes.elementsEqual(phrases[match.index].utf8))
            return "\(match.range.lowerBound):\(phrases[match.index])"
        }
    }

    @Test(arguments: [
        (["cat"], "The cat, a catalogue and cat's Cat.", ["4:cat", "25:cat"]),
        (["ice", "ice cream", "cream"], "ice cream ice, cream", ["0:ice cream", "10:ice", "15:cream"]),
        (["cat"], "cat", ["0:cat"]), (["cat"], "tomcat cat5 cat", ["12:cat"]),
        (["C", "C++", "C#"], "C++ C# C CD", ["0:C++", "4:C#", "7:C"]),
        ([".NET"], "the .NET", ["4:.NET"]), (["eau"], "l'eau d’eau beau", ["2:eau", "10:eau"]),
        (["猫", "机器"], "我的猫和机器人", ["6:猫", "12:机器"]), (["แมว"], "มีแมวตัว", ["6:แมว"]),
        (["кот"], "Кот и кот, котик", ["10:кот"]), (["e"], "e\u{301} e", ["4:e"]),
        (["cat", "dog"], "", []), ([], "cat", []),
    ])
    func `phrases are found as they are written, as whole words, the longest first`(
        phrases: [String], text: String, expected: [String]
    ) {
        #expect(found(phrases, text) == expected)
    }

    @Test func `matches are those that a search of every place finds`() {
        var random = SeededRandom(seed: 17)
        let letters = ["a", "b", " ", "-", "é", "猫", "'"]
        func text(_ count: ClosedRange<Int>) -> String {
            (0..<random.integer(count)).map { _ in random.choice(letters) }.joined()
        }
        for _ in 0..<3000 {
            let phrases = Array(Set((0..<random.integer(1...4)).map { _ in text(1...3) })).sorted()
            let subject = text(0...12)
            let scalars = Array(subject.unicodeScalars)
            func isWord(_ index: Int) -> Bool { scalars.indices.contains(index) && scalars[index].isOfSpacedWord }
            var expected: [String] = []
            var (index, offset) = (0, 0)
            while index < scalars.count {
                let fitting = phrases.filter { phrase in
                    let own = Array(phrase.unicodeScalars)
                    guard scalars[index...].starts(with: own) else { return false }
                    let begins = !(own[0].isOfSpacedWord && isWord(index - 1))
                    let ends = !(own[own.count - 1].isOfSpacedWord && isWord(index + own.count))
                    return begins && ends
                }
                let best = fitting.max { $0.utf8.count < $1.utf8.count }
                if let best { expected.append("\(offset):\(best)") }
                for _ in 0..<(best?.unicodeScalars.count ?? 1) {
                    offset += UTF8.width(scalars[index])
                    index += 1
                }
            }
            #expect(found(phrases, subject) == expected, "\(phrases) in \"\(subject)\"")
        }
    }

    @Test func `an entry without a target, or that is given twice, is one that is not translated, or counts once`()
        throws
    {
        let glossary = try Glossary([
            .init(source: "Acme", target: ""), .init(source: "cat", target: "chat"),
            .init(source: "cat", target: "chat"),
        ])
        #expect(
            glossary.entries == [.init(source: "Acme", target: "Acme"), .init(source: "cat", target: "chat")])
        #expect(glossary.byteCount == 15)
        #expect(throws: GlossaryProblem(entry: 1, .contradiction(source: "a", "c", earlier: "b"))) {
            try Glossary([.init(source: "a", target: "b"), .init(source: "a", target: "c")])
        }
        let terms = (0..<10_300).map { Glossary.Entry(source: "\($0)", target: String(repeating: "x", count: 1024)) }
        #expect(throws: GlossaryProblem.self) { try Glossary(terms) }
    }

    @Test func `of a glossary, texts need the entries whose sources they have`() throws {
        let glossary = try Glossary(
            ["ice", "ice cream", "cream", "dog", "猫"].map { Glossary.Entry(source: $0, target: "x") })
        func part(_ texts: [String], _ joining: Glossary.Joining = .nothing) -> [String]? {
            glossary.part(for: texts.map(Source.text), joining: joining)?.entries.map(\.source)
        }
        #expect(part(["ice cream"]) == ["ice", "ice cream", "cream"])
        #expect(part(["dogs", "小猫"]) == ["猫"])
        #expect(part(["nothing"]) == nil)
        #expect(glossary.part(for: [.tokens(["dog"])]) == nil)
        for text in ["", "nothing", "an ice\ncube"] {
            #expect(part([text], .lines) == part([text.replacing("\n", with: " ")]))
        }
        #expect(part(["much ice\n  cream"], .lines) == ["ice", "ice cream", "cream"])
        #expect(part(["小\n猫"], .lines) == ["猫"])
        // To look for each of very many that begin as all words do would take long.
        let many = try Glossary((0..<20_000).map { Glossary.Entry(source: "the term \($0)", target: "x") })
        let text = String(repeating: "the ", count: 1000)
        #expect(many.part(for: [.text(text)]) == many)
        #expect(many.part(for: [.text("the term 7")])?.entries.map(\.source) == ["the term 7"])
    }

    @Test(
        arguments: [
            ("<p>The i<b class=\"x\">c</b>e<br/>&nbsp;<i>cream</i></p>", ["ice", "ice cream", "cream"]),
            ("<img alt='a dog'> <!-- > --> d&#111;g", ["dog"]), ("5 < 6 dog > 4", ["dog"]),
            ("<p>nothing &amp; none</p>", nil),
            // Where it ends, or what it means, is not looked into.
            ("<p title=\"a>b\">none</p>", ["ice", "ice cream", "cream", "dog", "猫"]),
            ("caf&eacute;", ["ice", "ice cream", "cream", "dog", "猫"]),
        ] as [(String, [String]?)])
    func `of a glossary, markup needs the entries whose sources are there without its tags`(
        text: String, sources: [String]?
    ) throws {
        let glossary = try Glossary(
            ["ice", "ice cream", "cream", "dog", "猫"].map { Glossary.Entry(source: $0, target: "x") })
        #expect(glossary.part(for: [.text(text)], joining: .markup)?.entries.map(\.source) == sources)
    }
}
