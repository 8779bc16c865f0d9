import Testing
import Text

@Suite struct SegmentEdgesTests {
    private func parts(_ text: String) -> [String] {
        // ▾ is no symbol of this vocabulary, and € is one.
        let edges = SegmentEdges(of: text[...]) { $0 == "€" }
        return [edges.leading, String(edges.body), edges.trailing]
    }

    @Test(arguments: [
        ("Great! 😀", ["", "Great!", " 😀"]), ("😀😀  Great!", ["😀😀  ", "Great!", ""]), ("▾ Menu ▾", ["▾ ", "Menu", " ▾"]),
        ("👩‍👩‍👧 ok ❤️", ["👩‍👩‍👧 ", "ok", " ❤️"]), ("5 €", ["", "5 €", ""]), ("€ 5 ₽", ["", "€ 5", " ₽"]),
        ("I ❤️ it.", ["", "I ❤️ it.", ""]), ("+ a ~", ["", "+ a ~", ""]), (" a ", ["", " a ", ""]), ("a", ["", "a", ""]),
        ("“So”…", ["", "“So”…", ""]),
    ])
    func `emoji and unknown symbols at the edges stay outside, with the space beside them`(
        text: String, expected: [String]
    ) {
        #expect(parts(text) == expected)
    }
}
