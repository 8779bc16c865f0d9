/// A step that makes text of tokens, as `tokenizers` names them.
package enum TokenDecoder: Codable, Equatable, Sendable {
    case metaspace(replacement: String, drops: Bool)
    case byteLevel
    case wordPiece(prefix: String, cleansUp: Bool)
    case byteFallback
    case replace(TextPattern, String)
    case fuse
    case strip(String, start: Int, stop: Int)
    case bytePairs(suffix: String)

    func apply(_ tokens: [[UInt8]]) -> [[UInt8]] {
        switch self {
        case .metaspace(let replacement, let drops):
            let mark = Array(replacement.utf8)
            return tokens.enumerated().map { $1.replacing(mark, with: $0 == 0 && drops ? [] : [0x20]) }
        case .byteLevel:
            let bytes = tokens.flatMap(ByteAlphabet.decode)
            return [Array(String(decoding: bytes, as: UTF8.self).utf8)]
        case .wordPiece(let prefix, let cleansUp):
            let prefix = Array(prefix.utf8)
            return tokens.enumerated().map { index, token in
                var token = token
                if index > 0 {
                    token = token.starts(with: prefix, at: 0) ? Array(token[prefix.count...]) : [0x20] + token
                }
                return cleansUp ? Self.cleaned(token, alsoDoNot: true) : token
            }
        case .byteFallback: return Self.joiningBytes(tokens)
        case .replace(let pattern, let content):
            let content = Array(content.utf8)
            return tokens.map { Self.replaced(pattern, content, $0) }
        case .fuse: return [tokens.flatMap { $0 }]
        case .strip(let content, let start, let stop):
            return tokens.map { Self.stripped(Array(content.utf8), start, stop, $0) }
        case .bytePairs(let suffix):
            let suffix = Array(suffix.utf8)
            guard !suffix.isEmpty else { return tokens }
            return tokens.enumerated().map { $1.replacing(suffix, with: $0 == tokens.count - 1 ? [] : [0x20]) }
        }
    }

    static func replaced(_ pattern: TextPattern, _ content: [UInt8], _ text: [UInt8]) -> [UInt8] {
        let matches = pattern.matches(in: text)
        guard !matches.isEmpty else { return text }
        var result: [UInt8] = []
        var done = 0
        for match in matches {
            result.append(contentsOf: text[done..<match.lowerBound])
            result.append(contentsOf: content)
            done = match.upperBound
        }
        result.append(contentsOf: text[done...])
        return result
    }

    /// Tokens such as `<0xC3>` as the bytes that they name; U+FFFD for each when they are not UTF-8.
    private static func joiningBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var bytes: [UInt8] = []
        func flush() {
            if bytes.isEmpty { return }
            if String(validating: bytes, as: UTF8.self) != nil {
                result.append(bytes)
            } else {
                result.append(contentsOf: Array(repeating: Array("\u{FFFD}".utf8), count: bytes.count))
            }
            bytes = []
        }
        for token in tokens {
            if token.count == 6, token.starts(with: Array("<0x".utf8), at: 0), token[5] == UInt8(ascii: ">"),
                let byte = UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
            } else {
                flush()
                result.append(token)
            }
        }
        flush()
        return result
    }

    private static func stripped(_ content: [UInt8], _ start: Int, _ stop: Int, _ token: [UInt8]) -> [UInt8] {
        guard !content.isEmpty else { return token }
        var (low, high) = (0, token.count)
        for _ in 0..<start {
            guard token.starts(with: content, at: low) else { break }
            low += content.count
        }
        for _ in 0..<stop {
            guard high - content.count >= low, token.starts(with: content, at: high - content.count) else { break }
            high -= content.count
        }
        return Array(token[low..<high])
    }

    private static let artifacts = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { (Array($0.utf8), Array($1.utf8)) }

    /// Text without the spaces that some tokenizers leave before punctuation (`clean_up_tokenization`).
    static func cleaned(_ text: [UInt8], alsoDoNot: Bool) -> [UInt8] {
        var text = text
        for (index, (old, new)) in artifacts.enumerated() where alsoDoNot || index != 7 {
            text = text.replacing(old, with: new)
        }
        return text
    }
}
