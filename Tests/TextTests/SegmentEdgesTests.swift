import Testing
import Text

@Suite struct SegmentEdgesTests {
    private func parts(_ text: String) -> [String] {
        // This vocabulary has no ▾ and no ÿ.
        let spans = ProtectedSpan.spans(in: text[...]) { $0 != "▾" && $0 != "₽" && $0 != "ÿ" }
        let edges = SegmentEdges(of: text[...], spans: spans)
        #expect(edges.leading + edges.body + edges.trailing == text)
        #expect(spans[edges.inner].allSatisfy { $0.text.startIndex >= edges.body.startIndex })
        #expect(spans[edges.inner].allSatisfy { $0.text.endIndex <= edges.body.endIndex })
        return [edges.leading, String(edges.body), edges.trailing]
    }

    @Test(arguments: [
        ("Great! 😀", ["", "Great!", " 😀"]), ("😀😀  Great!", ["😀😀  ", "Great!", ""]), ("▾ Menu ▾", ["▾ ", "Menu", " ▾"]),
        ("👩‍👩‍👧 ok ❤️", ["👩‍👩‍👧 ", "ok", " ❤️"]), ("5 €", ["", "5 €", ""]), ("€ 5 ₽", ["", "€ 5", " ₽"]),
        ("I ❤️ it.", ["", "I ❤️ it.", ""]), ("+ a ~", ["", "+ a ~", ""]), (" a ", ["", " a ", ""]), ("a", ["", "a", ""]),
        ("“So”…", ["", "“So”…", ""]), ("Ulm. [3]", ["", "Ulm.", " [3]"]),
        ("See https://a.b/c", ["", "See", " https://a.b/c"]),
        ("{a} {b}: %d files", ["{a} {b}", ": %d files", ""]),
        ("%d %s files in /usr/lib/x ▾", ["%d %s ", "files in", " /usr/lib/x ▾"]),
        ("%ds left", ["", "%ds left", ""]), ("ÿa ÿ", ["", "ÿa", " ÿ"]), ("Laÿ", ["", "Laÿ", ""]),
        ("Go to {x}.", ["", "Go to {x}.", ""]),
    ])
    func `protected spans at the edges stay outside, with the space beside them`(
        text: String, expected: [String]
    ) {
        #expect(parts(text) == expected)
    }
}
