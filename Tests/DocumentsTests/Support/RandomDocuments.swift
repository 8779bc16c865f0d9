import Documents
import TestKit

/// Documents of every format, made of chance.
struct RandomDocuments {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private static let words = [
        "the", "train", "station", "is", "Where", "über", "naïve", "straße", "7", "12:30", "—", "e.g.", "Москва", "日本",
        "don't",
        "a/b", "x_y", "100%", "“no”", "C#", "😀",
    ]

    mutating func sentence(_ count: ClosedRange<Int> = 1...8) -> String {
        let count = random.integer(count)
        return "Hello " + (0..<count).map { _ in random.choice(Self.words) }.joined(separator: " ")
            + random.choice([".", "!", ""])
    }

    mutating func document(_ format: DocumentFormat) -> String {
        let blocks = random.integer(1...6)
        let lineEnd = random.oneIn(4) ? "\r\n" : "\n"
        var text = (0..<blocks).map { block(format, $0) }.joined()
        switch format {
        case .vtt: text = "WEBVTT\n\n" + (random.flag() ? "NOTE no text\n\n" : "") + text
        case .po: text = "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\n" + text
        case .json: text = "{" + text.dropLast(2) + "}\n"
        case .html:
            text = "<!DOCTYPE html><html><head><title>\(sentence())</title></head><body>\n\(text)</body></html>\n"
        case .xml: text = "<?xml version=\"1.0\"?>\n<root>\n\(text)</root>\n"
        case .xliff:
            text =
                "<?xml version=\"1.0\"?>\n<xliff version=\"1.2\"><file original=\"a\"><body>\n\(text)</body></file></xliff>\n"
        case .markdown where random.oneIn(3): text = "---\ntitle: x\n---\n\n" + text
        default: break
        }
        if random.oneIn(5), format != .json { text = "\u{FEFF}" + text }
        return text.replacing("\n", with: lineEnd)
    }

    private mutating func block(_ format: DocumentFormat, _ index: Int) -> String {
        switch format {
        case .text: return sentence() + random.choice(["\n", "\n\n", "\n \n"])
        case .srt, .vtt:
            let dot = format == .srt ? "," : "."
            let lines = (0..<random.integer(1...3)).map { _ in cueLine() }.joined(separator: "\n")
            return "\(index + 1)\n00:00:0\(index)\(dot)000 --> 00:00:0\(index)\(dot)900\n\(lines)\n\n"
        case .po: return message()
        case .json:
            let value = random.choice([
                "\"\(escaped(sentence()))\"", "12", "null", "[\"\(escaped(sentence()))\", {\"k\": true}]",
            ])
            return "\"key\(index)\":\(random.flag() ? " " : "")\(value),\n"
        case .yaml: return yaml(index)
        case .properties:
            return random.choice([
                "# a comment\n", "key\(index)=\(sentence())\n", "key.\(index) : \(sentence()) \\\n   \(sentence())\n",
            ])
        case .strings: return random.choice(["/* a comment */\n", "\"key\(index)\" = \"\(escaped(sentence()))\";\n"])
        case .markdown: return markdown()
        case .html: return html()
        case .xml: return xml()
        case .xliff: return xliff(index)
        case .docx, .pptx, .odt, .odp, .epub: return ""
        }
    }

    private func escaped(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }

    private mutating func cueLine() -> String {
        let words = sentence(1...4)
        return random.choice([
            words, "<i>\(words)</i>", "- \(words)", "\(words) <b>\(sentence(1...2))</b> end", "<i>\(words)",
        ])
    }

    private mutating func message() -> String {
        let id = escaped(sentence())
        return random.choice([
            "#: a.c:1\nmsgid \"\(id)\"\nmsgstr \"\"\n\n", "msgid \"\(id)\"\nmsgstr \"done\"\n\n",
            "msgctxt \"c\"\nmsgid \"\(id)\\n\"\nmsgstr \"\"\n\n",
            "msgid \"\(id)\"\nmsgid_plural \"%d \(id)\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n\n",
            "msgid \"\"\n\"\(id) \"\n\"\(id)\"\nmsgstr \"\"\n\n", "#~ msgid \"old\"\n#~ msgstr \"\"\n\n",
        ])
    }

    private mutating func yaml(_ index: Int) -> String {
        let text = sentence().replacing(" #", with: " ")
        return random.choice([
            "key\(index): \"\(escaped(text))\"\n", "key\(index): '\(text.replacing("'", with: "''"))'\n",
            "key\(index): \(text)\n", "key\(index):\n  - \(text)\n  - 12\n", "# a comment\nkey\(index): true\n",
            "key\(index): |\n  \(text)\n  \(text)\n", "key\(index): >-\n    \(text)\n    \(text)\n\n",
            "key\(index): {a: one two, b: [x y]}\n",
            "key\(index):\n  deep:\n    deeper: \(text)\n      goes on\n",
        ])
    }

    private mutating func markdown() -> String {
        let text = sentence()
        return random.choice([
            "# \(text)\n\n", "\(text)\n\(sentence())\n\n", "- \(text)\n- *\(text)* \(sentence())\n\n",
            "> \(text)\n> \(sentence())\n\n",
            "```\n\(text)\n```\n\n", "A **\(text)** and `code` and [\(text)](http://a.b) end.\n\n", "    \(text)\n\n",
            "| a | b |\n|---|---|\n| \(text) | *\(text)* |\n\n", "<div>\n\(text)\n</div>\n\n",
            "1. \(text)\n\n   \(sentence())\n\n",
            "\(text)\n---\n\n", "***\n\n",
        ])
    }

    private mutating func html() -> String {
        let text = XML.escaped(sentence())
        return random.choice([
            "<p class=\"a\">\(text)</p>\n", "<div>\(text) <b>\(text)</b><br>\(text)</div>\n",
            "<script>if (a<b) x()</script>\n",
            "<ul><li>\(text)</li><li><a href=\"x?a=1&amp;b\">\(text)</a></ul>\n", "<!-- \(text) -->\n",
            "<p>\(text)&nbsp;&eacute; <img src=x alt='\(text)'> end</p>\n", "<pre>\(text)</pre>\n",
        ])
    }

    private mutating func xml() -> String {
        let text = XML.escaped(sentence())
        return random.choice([
            "<a>\(text)</a>\n", "<a>\(text) <b x='1'>\(text)</b> end</a>\n", "<!-- \(text) -->\n",
            "<a><b>\(text)</b><c/></a>\n",
            "<a n=\"\(text)\">12</a>\n", "<?p \(text)?>\n",
        ])
    }

    private mutating func xliff(_ index: Int) -> String {
        let text = XML.escaped(sentence())
        let target = random.choice(["", "<target/>", "<target></target>", "<target>done</target>"])
        let inner = random.choice([
            text, "\(text) <g id=\"1\">\(text)</g> end",
            "<x id=\"1\"/>\(text)<bpt id=\"2\">&lt;b></bpt>\(text)<ept id=\"2\"/> x",
        ])
        return "<trans-unit id=\"\(index)\">\n  <source>\(inner)</source>\(target)\n</trans-unit>\n"
    }
}

enum XML {
    static func escaped(_ text: String) -> String { text.replacing("&", with: "&amp;").replacing("<", with: "&lt;") }
}
