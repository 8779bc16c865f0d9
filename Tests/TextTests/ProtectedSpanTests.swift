import TestKit
import Testing
import Text

@Suite struct ProtectedSpanTests {
    /// ▾, ÿ and Han are in no such vocabulary; é is.
    private func spans(_ text: String) -> [ProtectedSpan] {
        ProtectedSpan.spans(in: text[...]) { $0 != "▾" && $0 != "ÿ" && !(0x4E00...0x9FFF).contains($0.value) }
    }

    private func texts(_ text: String, _ kind: ProtectedSpan.Kind) -> [String] {
        spans(text).filter { $0.kind == kind }.map { String($0.text) }
    }

    @Test(
        arguments: [
            ("%d of %1$s, %-5.2lf and %@", ["%d", "%1$s", "%-5.2lf", "%@"]), ("%ds left, %%", ["%d", "%%"]),
            ("%(name)s and %{user}, %count%", ["%(name)s", "%{user}", "%count%"]),
            ("Hello {name}, {0} and {}!", ["{name}", "{0}", "{}"]),
            ("{{ name }} {{#if a.b}}", ["{{ name }}", "{{#if a.b}}"]),
            ("{% if x %} {user.names[0]:>5}", ["{% if x %}", "{user.names[0]:>5}"]),
            ("{n, plural, one {# file} other {# files}} deleted", ["{n, plural, one {# file} other {# files}}"]),
            ("$t(menu.open) ${user.name} $name #{count}", ["$t(menu.open)", "${user.name}", "$name", "#{count}"]),
        ] as [(String, [String])])
    func `placeholders of programs`(text: String, expected: [String]) {
        #expect(texts(text, .placeholder) == expected)
        #expect(spans(text).count == expected.count)
    }

    @Test(arguments: [
        ("See https://example.com/a_(b)?q=1#c.", "https://example.com/a_(b)?q=1#c"),
        ("(http://a.b/c)", "http://a.b/c"), ("www.example.com, or", "www.example.com"),
        ("at example.com/x.", "example.com/x"),
        ("on docs.example.org now", "docs.example.org"), ("“https://é.example/ü”", "https://é.example/ü"),
        ("见https://a.b/c。好", "https://a.b/c"), ("mailto:a@b.org", "mailto:a@b.org"), ("git+ssh://h/p", "git+ssh://h/p"),
    ])
    func `URLs, without the sentence's own marks`(text: String, expected: String) {
        #expect(texts(text, .url) == [expected])
    }

    @Test(arguments: [
        (ProtectedSpan.Kind.email, "Write to first.last+tag@mail.example.org.", ["first.last+tag@mail.example.org"]),
        (.file, "Open README.md, src/main.c or a.tar.gz.", ["README.md", "src/main.c", "a.tar.gz"]),
        (.file, "In /usr/lib/x, ~/notes, ./run and ../a/b.", ["/usr/lib/x", "~/notes", "./run", "../a/b"]),
        (.file, "C:\\Users\\me\\a.txt and MANUAL.PDF", ["C:\\Users\\me\\a.txt", "MANUAL.PDF"]),
        (.entity, "5&nbsp;km &amp; &#160;&#xA0;", ["&nbsp;", "&amp;", "&#160;", "&#xA0;"]),
        (.code, "Run `make all` or ``a`b``.", ["`make all`", "``a`b``"]),
        (.hashtag, "Vote #Élan2024 and #new_day!", ["#Élan2024", "#new_day"]), (.mention, "Ask @anna_b.", ["@anna_b"]),
        (.note, "Ulm. [3] and [12][x] [1234]", ["[3]", "[12]"]),
        (.symbol, "I ❤️ 北京, ▾▾ 👩‍👩‍👧 Laÿna", ["❤️", "北京", "▾▾", "👩‍👩‍👧", "ÿ"]),
        // The joiner belongs to the letter, and the letters that are not seen to the flag.
        (
            .symbol, "\u{D28}\u{D4D}\u{200D}😀 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} x",
            ["😀", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}"]
        ),
    ])
    func `spans of each kind`(kind: ProtectedSpan.Kind, text: String, expected: [String]) {
        #expect(texts(text, kind) == expected)
    }

    @Test(arguments: [
        "Where is the train station?", "It is 100 % sure, or 5% down, and 100%.", "He lives in the U.S.A. and so on.",
        "J.C. Smith wrote it, e.g. No. 5.", "and/or, he/she, 5 km/h, 1/2/2003", "C# costs $5, US$20, $CAN 9 or A$AP.",
        "Item #1 & #2",
        "{see below} or {so it is}", "AT&T & Co.", "Yes.so it is.", "a ` b", "Prix : 10 € – « élevé »", "cafe\u{301}",
        "the %age",
        "12:26, 3.14, v1.2.3", "%50 ve %5", "``So'' he said, ``it is.''", "a`b`c", "` so `it",
        "Hi.How are you?", "x@y", "a@ b", "// and /a", "# Title", "## Title", "% d",
    ])
    func `what is language stays free`(text: String) { #expect(spans(text) == []) }

    @Test func `quotes, dashes and spaces are each language's own, whatever a vocabulary has`() {
        #expect(ProtectedSpan.spans(in: "„So“ — «\u{A0}so\u{A0}»\u{200B}（so）") { _ in false } == [])
    }

    @Test func `the longest span counts, and none begins in another`() {
        let text = "`{a} %d` https://a.b/{id}?x=%20&amp; mailto:x@y.org #{a} {{b}} www.x.com/a.txt"
        #expect(
            spans(text).map { String($0.text) }
                == ["`{a} %d`", "https://a.b/{id}?x=%20&amp", "mailto:x@y.org", "#{a}", "{{b}}", "www.x.com/a.txt"])
    }

    @Test func `spans of any text are in order, apart, and found again in themselves`() {
        var random = SeededRandom(seed: 11)
        let marks = [
            "%", "{", "}", "$", "&", "#", "@", "/", ".", ":", "`", "(", ")", ";", "www.", "://", "a", "d", "1", " ",
            "▾", "é",
        ]
        for round in 0..<3000 {
            let text =
                round % 2 == 0
                ? RandomText.make(length: 40, using: &random)
                : (0..<random.integer(0...24)).map { _ in random.choice(marks) }.joined()
            var end = text.startIndex
            for span in spans(text) {
                #expect(span.text.startIndex >= end && !span.text.isEmpty)
                end = span.text.endIndex
            }
            #expect(end <= text.endIndex)
        }
    }

    @Test func `marks without a second cost little`() {
        for mark in ["{", "`", "&", "%(", "/", "a.", "#", "@", "${", "[", "https://(", "~/"] {
            let text = String(repeating: mark, count: 20_000)
            #expect(spans(text).reduce(0) { $0 + $1.text.utf8.count } <= text.utf8.count)
        }
    }

    @Test(arguments: [
        ("of Louÿs, 5 km", ["Louÿs"]), ("aÿbÿc d", ["aÿbÿc", "aÿbÿc"]), ("costs 283,82 ▾ and", ["▾"]),
        ("▾ÿb 北京人", ["▾ÿb", "北京人"]), ("see {a}ÿ", ["{a}", "ÿ"]),
    ])
    func `a word with a letter that the vocabulary lacks is whole`(text: String, expected: [String]) {
        #expect(ProtectedSpan.words(of: spans(text), in: text[...]).map { String($0.text) } == expected)
    }

    @Test(arguments: [
        ("It costs 283,82 ₽.", "283,82 ₽"), ("only ₽1.50.", "₽1.50"), ("or ₽ 15, then", "₽ 15"), ("in ₽ only", "₽"),
        ("at 20 °C, and", "20 °C"), ("at 20° now", "20°"), ("1. ₽", "₽"),
    ])
    func `an amount is whole`(text: String, expected: String) {
        let spans = ProtectedSpan.spans(in: text[...]) { $0 != "₽" && $0 != "°" }
        #expect(ProtectedSpan.words(of: spans, in: text[...]).map { String($0.text) } == [expected])
    }
}
