import Markup
import Testing
import Translations

/// Whatever a model says, and whatever a text is.
@Suite("Markup stays whole")
struct MarkupPropertyTests {
    /// A splitmix64, so that a failure can be repeated.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static func element(_ depth: Int, _ random: inout Random) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            switch Int.random(in: 0...9, using: &random) {
            case 0 where depth < 6:
                text += "<b id=\"\(Int.random(in: 0...99, using: &random))\">\(element(depth + 1, &random))</b>"
            case 1 where depth < 6: text += "<i>\(element(depth + 1, &random))</i>"
            case 2 where depth < 6: text += "<p a='>'>\(element(depth + 1, &random))</p>"
            case 3: text += "<x/>"
            case 4: text += "<!-- a < b -->"
            case 5: text += "&amp;&#x41;&unknown;"
            case 6: text += "<c translate=\"no\">keep <b>this</b></c>"
            default:
                text +=
                    ["word", " ", "two words. ", "Also.\n", "l'été ", " 12 ", "你好"].randomElement(using: &random) ?? ""
            }
        }
        return text
    }

    /// Cuts a block at random, and replaces each segment by a random text with random weights.
    private static func woven(_ text: MarkupText, identity: Bool, _ random: inout Random) -> String {
        text.replaced(
            text.blocks.map { block in
                let units = TextUnits.ranges(of: block.text)
                let bytes = Array(block.text.utf8)
                var segments: [WovenSegment] = []
                var at = 0
                while at < units.count {
                    let next = min(units.count, at + Int.random(in: 1...5, using: &random))
                    let range = units[at].lowerBound..<units[next - 1].upperBound
                    at = next
                    let breaks = [range.lowerBound, range.upperBound]
                    guard
                        !block.unbroken.contains(where: { bound in
                            breaks.contains { bound.lowerBound < $0 && $0 < bound.upperBound }
                        })
                    else { continue }
                    if identity {
                        segments.append(WovenSegment(range: range, output: nil))
                        continue
                    }
                    let output = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                        ["mot", "<", "été", "&amp;", "世", "x1"].randomElement(using: &random) ?? ""
                    }.joined(separator: Bool.random(using: &random) ? " " : "")
                    let source = TextUnits.ranges(of: String(decoding: bytes[range], as: UTF8.self))
                    let target = TextUnits.ranges(of: output)
                    let weights = target.map { _ in source.map { _ in Float.random(in: 0...1, using: &random) } }
                    segments.append(
                        WovenSegment(
                            range: range, output: output,
                            alignment: WordAlignment(source: source, target: target, weights: weights)))
                }
                return block.woven(segments, of: text)
            })
    }

    /// All that is no text, sorted.
    private static func marks(_ text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        return try MarkupScanner.tokens(of: bytes, .xml).filter { $0.kind != .text }.map {
            String(decoding: bytes[$0.range], as: UTF8.self)
        }
        .sorted()
    }

    @Test("Well-formed text stays so, with the same tags, wherever its words go", arguments: 0..<40)
    func wellFormed(_ seed: Int) throws {
        var random = Random(state: UInt64(seed))
        for _ in 0..<50 {
            let source = "<r>" + Self.element(0, &random) + "</r>"
            for language in MarkupLanguage.allCases {
                let text = try MarkupText(source, ElementRules(language: language))
                let output = Self.woven(text, identity: false, &random)
                #expect(try Self.marks(output) == Self.marks(source), "\(source)\n\(output)")
                // Throws for what is not nested well.
                _ = try MarkupText(output, ElementRules(language: .xml))
            }
        }
    }

    @Test("A text whose segments stay as they are keeps its bytes", arguments: 0..<20)
    func identity(_ seed: Int) throws {
        var random = Random(state: UInt64(seed))
        for _ in 0..<50 {
            let source = "<r>" + Self.element(0, &random) + "</r>"
            for language in MarkupLanguage.allCases {
                let text = try MarkupText(source, ElementRules(language: language))
                #expect(Self.woven(text, identity: true, &random) == source)
            }
        }
    }

    @Test("Any bytes are HTML, and XML or an error", arguments: 0..<20)
    func anything(_ seed: Int) throws {
        var random = Random(state: UInt64(seed))
        let parts = [
            "<", ">", "</", "<b", "</b>", "<p>", "</p>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "&", "&#",
            "&lt", ";",
            "=", "\"", "'", " ", "a", "<script>", "</script>", "<!DOCTYPE", "[", "]", "/", "\u{0}", "é", "<code>",
            "</code>",
            "<title>", "</title>", " translate=no ", "<br/>",
        ]
        for _ in 0..<200 {
            let source = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                parts.randomElement(using: &random) ?? ""
            }
            .joined()
            let html = try MarkupText(source, ElementRules(language: .html))
            #expect(Self.woven(html, identity: true, &random) == source)
            _ = Self.woven(html, identity: false, &random)
            if let xml = try? MarkupText(source, ElementRules(language: .xml)) {
                #expect(Self.woven(xml, identity: true, &random) == source)
            }
        }
    }
}
