/// A resource bundle of Java (`.properties`, the form of `java.util.Properties`).
///
/// A file that is not UTF-8 is ISO 8859-1, as the form was until Java 9. What it cannot say is written as escapes.
enum PropertyList {
    static func skeleton(_ source: SourceText, _ keys: KeyPatterns) -> Skeleton {
        var skeleton = Skeleton(source.bytes)
        let onlyASCII = source.isLatin1 || EscapedText.writesOnlyASCII(source.bytes)
        var index = 0
        while index < source.lines.count {
            let first = source.lines[index].content
            index += 1
            let start = source.bytes[first].firstIndex { !isSpace($0) } ?? first.upperBound
            guard start < first.upperBound, source.bytes[start] != UInt8(ascii: "#"),
                source.bytes[start] != UInt8(ascii: "!")
            else { continue }
            var last = first
            while continues(last, source), index < source.lines.count {
                last = source.lines[index].content
                index += 1
            }
            add(start..<last.upperBound, source, keys, onlyASCII, to: &skeleton)
        }
        return skeleton
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0C }

    /// Whether an odd number of backslashes ends a line.
    private static func continues(_ line: Range<Int>, _ source: SourceText) -> Bool {
        source.bytes[line].reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
    }

    private static func add(
        _ entry: Range<Int>, _ source: SourceText, _ keys: KeyPatterns, _ onlyASCII: Bool, to skeleton: inout Skeleton
    ) {
        var end = entry.lowerBound
        while end < entry.upperBound {
            let byte = source.bytes[end]
            if isSpace(byte) || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") { break }
            end += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < entry.upperBound else { return }
        let key = source.string(entry.lowerBound..<end)
        var start = end
        var hasSign = false
        while start < entry.upperBound {
            let byte = source.bytes[start]
            let isSign = byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":")
            if isSign, hasSign { break }
            hasSign = hasSign || isSign
            guard isSign || isSpace(byte) else { break }
            start += 1
        }
        guard let text = EscapedText.unescaped(joined(source.string(start..<entry.upperBound)), by: .properties) else {
            return
        }
        let edges = Edges(text)
        guard edges.middle.hasLetters, keys.include(key.split(separator: ".").map(String.init)) else { return }
        skeleton.add(InlineText(edges.middle), in: start..<entry.upperBound) { translation in
            var text = EscapedText.escaped(edges.around(translation.plain), by: .properties, onlyASCII: onlyASCII)
            // A blank at the beginning would belong to the sign before.
            if text.hasPrefix(" ") { text = "\\" + text }
            return Array(text.utf8)
        }
    }

    /// The lines of a value as one: a backslash, the end of the line, and what indents the next one are not part of it.
    private static func joined(_ text: String) -> String {
        var result = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let next = rest.first else {
                result.unicodeScalars.append(scalar)
                continue
            }
            rest.removeFirst()
            guard next == "\n" || next == "\r" else {
                result.unicodeScalars.append(contentsOf: [scalar, next])
                continue
            }
            if next == "\r", rest.first == "\n" { rest.removeFirst() }
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\u{C}" }
        }
        return result
    }
}
