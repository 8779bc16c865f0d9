import TestKit
import Testing
import Text

@Suite("Protected text is put back, each as often as in the source")
struct SpanRestorationTests {
    private func restore(
        _ output: String, of source: String, spans: [String], standIns: [StandIn] = [], at offset: Int = 0
    ) -> SpanRestoration {
        var places: [ProtectedPlace] = []
        var position = source.startIndex
        for span in spans {
            guard let range = source[position...].firstRange(of: span) else { continue }
            places.append(ProtectedPlace(source[range], in: source[...]))
            position = range.upperBound
        }
        return SpanRestoration(
            output, standIns: standIns, kept: KeptTexts(spans, in: source), wanted: places, place: { _ in offset })
    }

    @Test("an output that has all of them is left alone")
    func kept() {
        let found = restore("Bonjour {a}, {b} !", of: "Hello {a}, {b}!", spans: ["{a}", "{b}"])
        #expect(found.text == "Bonjour {a}, {b} !" && found.moved.isEmpty)
    }

    @Test(
        "what lacks is put between words, with the spaces that it needs",
        arguments: [
            ("Bonjour à tous", "Hello {a} all", 7, "Bonjour {a} à tous"),
            ("Bonjour", "{a} Hello", 0, "{a} Bonjour"), ("Bonjour.", "Hello {a}.", 7, "Bonjour {a}."),
            ("Bonjour (tous)", "Hello ({a})", 9, "Bonjour ({a} tous)"), ("", "x {a}", 0, "{a}"),
            ("你好", "Hello {a}", 3, "你{a}好"), ("Bonjour", "Hello{a}", 7, "Bonjour{a}"),
        ])
    func put(output: String, source: String, offset: Int, expected: String) {
        let found = restore(output, of: source, spans: ["{a}"], at: offset)
        #expect(found.text == expected)
        #expect(found.moved == [0])
    }

    @Test("several at one place keep their order")
    func order() {
        let found = restore("Bonjour tous", of: "Hello {a} {b} {a} all", spans: ["{a}", "{b}", "{a}"], at: 7)
        #expect(found.text == "Bonjour {a} {b} {a} tous")
    }

    @Test("what is there too often goes, and one is never part of another")
    func excess() {
        #expect(restore("{a} et {a}, {a}.", of: "{a} b", spans: ["{a}"]).text == "{a} et,.")
        let url = "https://a.com/read.me"
        let found = restore("Voir \(url).", of: "See \(url) and read.me.", spans: [url, "read.me"], at: 30)
        #expect(found.text == "Voir \(url). read.me")
        // A place within another protected text is none.
        let beside = restore("Voir \(url).", of: "See \(url) and {b}.", spans: [url, "{b}"], at: 9)
        #expect(beside.text == "Voir \(url) {b}.")
    }

    @Test("a stand-in gives its place, as a word; one that was invented goes")
    func standIns() {
        let standIns = [StandIn(name: "Boston", for: "Louÿs"), StandIn(name: "Oslo", for: "😀")]
        let found = restore(
            "De Bostons à Boston, l'Oslo, Oslo.", of: "From Louÿs to 😀.", spans: ["ÿ", "😀"], standIns: standIns)
        #expect(found.text == "De à Louÿs, l'😀,.")
        #expect(found.moved.isEmpty)
    }

    @Test("texts are told apart by their bytes, the longest first")
    func places() {
        let kept = KeptTexts(["a", "ab", "é"], in: "ab a e\u{301} é")
        #expect(kept.texts == ["ab", "é", "a"] && kept.counts == [1, 1, 1])
        #expect(kept.places(in: "aab").map(\.range) == [0..<1, 1..<3])
        #expect(!kept.areKept(in: "ab a e\u{301}"))
    }

    @Test("whatever the output and the places, each is there as often as in the source")
    func property() {
        var random = SeededRandom(seed: 77)
        let spans = ["{a}", "%s", "▾", "a.md", "😀", "`x y`"]
        let words = ["le", "chat", "(est)", "l'eau", "北京", "Boston", "Bostons", "%", "{", "ÿ", ",", "."]
        for _ in 0..<2000 {
            let chosen = (0..<random.integer(1...5)).map { _ in random.choice(spans) }
            let source = chosen.map { "word \($0)" }.joined(separator: " ") + " end"
            let output = (0..<random.integer(0...9)).map { _ in
                random.oneIn(4) ? random.choice(spans) : random.choice(words)
            }.joined(separator: random.flag() ? " " : "")
            let kept = KeptTexts(chosen, in: source)
            guard kept.counts.reduce(0, +) == chosen.count else { continue }
            let standIns = random.flag() ? [StandIn(name: "Boston", for: chosen[0])] : []
            let found = restore(
                output, of: source, spans: chosen, standIns: standIns, at: random.integer(0...output.utf8.count + 2))
            #expect(kept.areKept(in: found.text), "\(source) → \(output) → \(found.text)")
        }
    }
}
