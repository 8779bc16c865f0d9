// What programs put values in the place of.

extension SpanScanner {
    func placeholder(at offset: Int, _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Int? {
        switch scalar {
        case "{": braces(at: offset)
        case "$": dollar(at: offset, after: previous)
        default: percent(at: offset, after: previous)
        }
    }

    /// `{}`, `{0}`, `{name}`, `{name, plural, one {# file} other {# files}}`, `{{ name }}`, `{% if name %}`: braces around a
    /// name, and whatever else up to their end.
    func braces(at offset: Int) -> Int? {
        guard let end = balanced(offset, UInt8(ascii: "{"), UInt8(ascii: "}")) else { return nil }
        let next = byte(offset + 1)
        if end == offset + 2 { return end }
        if let next, "{%#".utf8.contains(next) { return end }
        let name = skipSpaces(offset + 1)
        let rest = skipSpaces(nameEnd(name))
        guard rest > name, nameEnd(name) > name, let close = byte(rest) else { return nil }
        return rest == end - 1 || ",:|!.".utf8.contains(close) ? end : nil
    }

    /// `${name}`, `$t(key)`, `$name`
    private func dollar(at offset: Int, after previous: Unicode.Scalar?) -> Int? {
        if byte(offset + 1) == UInt8(ascii: "{") { return balanced(offset + 1, UInt8(ascii: "{"), UInt8(ascii: "}")) }
        if let previous, previous.isAlphanumeric || previous == "$" { return nil }
        // Not "$CAN".
        guard let first = scalars.scalar(at: offset + 1), first == "_" || first.isASCII && first.isLower else {
            return nil
        }
        let end = scalars.skip(offset + 1) { $0 == "_" || $0.isASCII && $0.isAlphanumeric }
        return byte(end) == UInt8(ascii: "(") ? balanced(end, UInt8(ascii: "("), UInt8(ascii: ")")) ?? end : end
    }

    /// printf's conversions with the positions, flags, widths and lengths that it has (no space flag: "5 % down"), `%@`, `%%`,
    /// `%(name)s`, `%{name}` and `%name%`.
    private func percent(at offset: Int, after previous: Unicode.Scalar?) -> Int? {
        if let previous, previous.isDigit || previous == "%" { return nil }
        var position = offset + 1
        switch byte(position) {
        case UInt8(ascii: "%"): return position + 1
        case UInt8(ascii: "{"): return balanced(position, UInt8(ascii: "{"), UInt8(ascii: "}"))
        case UInt8(ascii: "("):
            guard let close = balanced(position, UInt8(ascii: "("), UInt8(ascii: ")")) else { return nil }
            position = close
        default:
            let end = nameEnd(position)
            if end > position, byte(end) == UInt8(ascii: "%"), scalars.scalar(at: position)?.isDigit == false {
                return end + 1
            }
        }
        let digits = scalars.skip(position) { $0.isASCII && $0.isDigit }
        if digits > position, byte(digits) == UInt8(ascii: "$") { position = digits + 1 }
        position = scalars.skip(position) { "-+#0'".unicodeScalars.contains($0) }
        position = widthEnd(position)
        if byte(position) == UInt8(ascii: ".") { position = widthEnd(position + 1) }
        position = scalars.skip(position, reach: 2) { "hlLqjzt".unicodeScalars.contains($0) }
        if let conversion = byte(position), "diouxXeEfFgGaAcCsSpn@".utf8.contains(conversion) {
            // "%ds" is seconds, "%age" a share.
            let isFollowed = scalars.scalar(at: position + 1).map { $0.isASCII && $0.isASCIILetter } ?? false
            if !isFollowed || "dsiuf@".utf8.contains(conversion) { return position + 1 }
        }
        // Not Qt's "%1": in Turkish that is a percentage.
        return nil
    }

    private func widthEnd(_ offset: Int) -> Int {
        if byte(offset) == UInt8(ascii: "*") { return offset + 1 }
        return scalars.skip(offset) { $0.isASCII && $0.isDigit }
    }

    /// The end of what a variable may be called, with its members and elements.
    private func nameEnd(_ offset: Int) -> Int {
        let end = scalars.skip(offset, reach: Self.bytesMaximum) {
            $0.isASCII && ($0.isAlphanumeric || "_.-[]$@".unicodeScalars.contains($0))
        }
        return end
    }

    private func skipSpaces(_ offset: Int) -> Int { scalars.skip(offset) { $0 == " " } }

    /// The end of what an opening mark begins; nil where its closing mark is missing or too far.
    private func balanced(_ offset: Int, _ open: UInt8, _ close: UInt8) -> Int? {
        var depth = 0
        var position = offset
        let limit = min(scalars.end, offset + Self.bytesMaximum)
        while position < limit {
            let next = scalars.byte(at: position)
            position += 1
            if next == open { depth += 1 }
            if next == close {
                depth -= 1
                if depth == 0 { return position }
            }
        }
        return nil
    }
}
