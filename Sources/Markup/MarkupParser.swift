import Translations

/// Finds the blocks of markup.
struct MarkupParser {
    private let bytes: [UInt8]
    private let rules: ElementRules
    private let tokens: [MarkupToken]
    private let structure: ElementStructure
    private var found: [MarkupBlock] = []
    private var builder = BlockBuilder()

    init(_ bytes: [UInt8], _ rules: ElementRules) throws(MarkupError) {
        self.bytes = bytes
        self.rules = rules
        tokens = try MarkupScanner.tokens(of: bytes, rules.language)
        structure = try ElementStructure(bytes, tokens, rules)
    }

    mutating func blocks() -> [MarkupBlock] {
        var index = 0
        while index < tokens.count {
            let token = tokens[index]
            switch token.kind {
            case .text: builder.append(words: token.range, of: bytes, rules.language)
            case .raw, .characterData, .comment, .declaration, .instruction: builder.append(point: token.range)
            case .start, .empty: index = start(index)
            case .end: end(index)
            }
            index += 1
        }
        endBlock()
        return found
    }

    /// - Returns: The last token that is dealt with.
    private mutating func start(_ index: Int) -> Int {
        let token = tokens[index], name = rules.name(bytes, token)
        let isInline = structure.isInline[index]
        let isVoid = token.kind == .empty && rules.language == .xml || rules.isVoid(name)
        if !isVoid, rules.keeps(bytes, token, name), let last = structure.partner[index] {
            let range = token.range.lowerBound..<tokens[last].range.upperBound
            if !isInline {
                endBlock()
            } else if rules.isForeign(name) {
                builder.append(point: range)
            } else {
                builder.append(
                    verbatim: range, words: tokens[index...last].filter { $0.kind == .text }.map(\.range), of: bytes,
                    rules.language)
            }
            return last
        }
        if !isInline {
            endBlock()
        } else if isVoid {
            builder.append(point: token.range)
        } else {
            builder.open(token.range, name: name)
        }
        return index
    }

    private mutating func end(_ index: Int) {
        if structure.isInline[index] {
            builder.close(tokens[index].range, name: rules.name(bytes, tokens[index]))
        } else {
            endBlock()
        }
    }

    private mutating func endBlock() {
        if let block = builder.end() { found.append(block) }
        builder = BlockBuilder()
    }
}
