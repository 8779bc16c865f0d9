/// What is markup in the text of cues, and how its text is escaped.
enum CueSyntax: Sendable {
    /// `<i>`, `<font color="red">`, and what players of other formats have brought: `{\an8}`. Nothing is escaped.
    case subRip
    /// `<i>`, `<c.loud>`, `<v Mary>`, `<00:01:02.500>`; `&` and `<` are escaped.
    case webVTT

    func tags(in range: Range<Int>, of source: SourceText) -> [CodePairs.Tag] {
        var tags: [CodePairs.Tag] = []
        var position = range.lowerBound
        while position < range.upperBound {
            if let tag = tag(at: position, range, source.bytes) {
                tags.append(tag)
                position = tag.range.upperBound
            } else {
                position += 1
            }
        }
        return tags
    }

    private func tag(at start: Int, _ range: Range<Int>, _ bytes: [UInt8]) -> CodePairs.Tag? {
        if self == .subRip, bytes[start] == UInt8(ascii: "{") {
            guard start + 1 < range.upperBound, bytes[start + 1] == UInt8(ascii: "\\"),
                let end = bytes[start..<range.upperBound].firstIndex(of: UInt8(ascii: "}"))
            else { return nil }
            return CodePairs.Tag(kind: .other, range: start..<end + 1)
        }
        guard bytes[start] == UInt8(ascii: "<"), start + 2 < range.upperBound else { return nil }
        let isEnd = bytes[start + 1] == UInt8(ascii: "/")
        let nameStart = start + (isEnd ? 2 : 1)
        let first = bytes[nameStart]
        let isTime = self == .webVTT && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        guard isTime || first.isASCIILetter,
            let end = bytes[nameStart..<range.upperBound].firstIndex(of: UInt8(ascii: ">")),
            !bytes[nameStart..<end].contains(UInt8(ascii: "<"))
        else { return nil }
        let name = bytes[nameStart..<end].prefix(while: \.isASCIILetter)
        let kind: CodePairs.Tag.Kind =
            isTime ? .other : isEnd ? .closing(Self.folded(name)) : .opening(Self.folded(name))
        return CodePairs.Tag(kind: kind, range: start..<end + 1)
    }

    private static func folded(_ name: ArraySlice<UInt8>) -> String {
        String(decoding: name, as: UTF8.self).lowercased()
    }

    func unescaped(_ text: String) -> String {
        guard self == .webVTT else { return text }
        return XMLText.unescaped(text).replacing("&nbsp;", with: "\u{A0}")
            .replacing("&lrm;", with: "\u{200E}").replacing("&rlm;", with: "\u{200F}")
    }

    func escaped(_ text: String) -> String {
        guard self == .webVTT else { return text }
        return text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

extension UInt8 {
    var isASCIILetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
    var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
}
