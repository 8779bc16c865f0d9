import Translations

/// Which tags belong together, and which are part of the words around them.
struct ElementStructure {
    /// For the token of a start tag, that of its end tag.
    private(set) var partner: [Int?]
    /// For the tokens of tags.
    private(set) var isInline: [Bool]

    init(_ bytes: [UInt8], _ tokens: [MarkupToken], _ rules: ElementRules) throws(MarkupError) {
        partner = Array(repeating: nil, count: tokens.count)
        isInline = Array(repeating: false, count: tokens.count)
        switch rules.language {
        case .html: readHTML(bytes, tokens, rules)
        case .xml: try readXML(bytes, tokens, rules)
        }
    }

    /// An end tag belongs to the last start tag of its name.
    private mutating func readHTML(_ bytes: [UInt8], _ tokens: [MarkupToken], _ rules: ElementRules) {
        var open: [String: [Int]] = [:]
        for (index, token) in tokens.enumerated() where token.name != 0..<0 {
            let name = rules.name(bytes, token)
            isInline[index] = !rules.splits(name)
            if token.kind == .end {
                if let start = open[name]?.popLast() { partner[start] = index }
            } else if !rules.isVoid(name) {
                open[name, default: []].append(index)
            }
        }
        // What has no markup inside goes to the text's end.
        for (name, starts) in open where ElementRules.contents[name] != nil {
            for start in starts { partner[start] = min(start + 1, tokens.count - 1) }
        }
    }

    /// An element is part of the words around it if there are any right beside it; so are those within it.
    private mutating func readXML(
        _ bytes: [UInt8], _ tokens: [MarkupToken], _ rules: ElementRules
    ) throws(MarkupError) {
        var open: [Int] = []
        // Of elements, by their start tags, and of what is in none.
        var hasWords = Array(repeating: false, count: tokens.count + 1)
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .text:
                if CharacterReferences.hasWords(bytes, token.range) { hasWords[open.last ?? tokens.count] = true }
            case .start: open.append(index)
            case .end:
                guard let start = open.popLast() else {
                    throw MarkupError(
                        "</\(bytes.text(token.name))> ends no element", at: token.range.lowerBound, in: bytes)
                }
                guard bytes[tokens[start].name] == bytes[token.name] else {
                    let expected = bytes.text(tokens[start].name)
                    throw MarkupError(
                        "expected </\(expected)>, found </\(bytes.text(token.name))>", at: token.range.lowerBound,
                        in: bytes)
                }
                partner[start] = index
                if hasWords[start], rules.inline.contains(rules.name(bytes, token)) {
                    hasWords[open.last ?? tokens.count] = true
                }
            default: break
            }
        }
        if let start = open.last {
            throw MarkupError(
                "<\(bytes.text(tokens[start].name))> has no end", at: tokens[start].range.lowerBound, in: bytes)
        }
        var parents: [Int] = []
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .start, .empty:
                let name = rules.name(bytes, token), parent = parents.last
                isInline[index] =
                    !rules.splitting.contains(name)
                    && (rules.inline.contains(name) || hasWords[parent ?? tokens.count]
                        || parent.map { isInline[$0] } ?? false)
                if token.kind == .start { parents.append(index) }
            case .end:
                if let start = parents.popLast() { isInline[index] = isInline[start] }
            default: break
            }
        }
    }
}
