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
            case .declaration: endBlock()
            case .raw, .characterData, .comment, .instruction: builder.append(point: token.range, isOrdered: true)
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
        if !isVoid, rules.keeps(bytes, token, name), let last = keptEnd(index, name, isInline: isInline) {
            let range = token.range.lowerBound..<tokens[last].range.upperBound
            if !isInline {
                endBlock()
            } else if !isBalanced(index...last) {
                builder.append(point: range, isOrdered: true)
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
            builder.append(point: token.range, isOrdered: rules.language == .xml)
        } else if let last = noteEnd(index, name) {
            builder.append(
                point: token.range.lowerBound..<tokens[last].range.upperBound, isOrdered: !isBalanced(index...last))
            return last
        } else {
            builder.open(token.range, name: name)
        }
        return index
    }

    /// The last token of an element that stays as it is.
    private func keptEnd(_ index: Int, _ name: String, isInline: Bool) -> Int? {
        guard rules.language == .html, !isInline, let closers = ElementRules.closers[name] else {
            return structure.partner[index]
        }
        // Its end tag may be left out: then the next of its kind ends it, or the end of what it is in.
        var depth = 0
        for next in tokens.indices[(index + 1)...] where tokens[next].name != 0..<0 {
            let other = rules.name(bytes, tokens[next])
            guard rules.splits(other), !rules.isVoid(other) else { continue }
            if tokens[next].kind == .end {
                if depth == 0 { return other == name ? next : next - 1 }
                if ElementRules.closers[other] == nil { depth -= 1 }
            } else {
                if depth == 0, closers.isEmpty || closers.contains(other) { return next - 1 }
                if ElementRules.closers[other] == nil { depth += 1 }
            }
        }
        return tokens.count - 1
    }

    /// Whether no end tag within a stretch belongs to an element that began before it.
    private func isBalanced(_ stretch: ClosedRange<Int>) -> Bool {
        var open: [String: Int] = [:]
        for token in tokens[stretch] where token.name != 0..<0 {
            let name = rules.name(bytes, token)
            if token.kind != .end {
                if !rules.isVoid(name) { open[name, default: 0] += 1 }
            } else if open[name, default: 0] > 0 {
                open[name, default: 0] -= 1
            } else {
                return false
            }
        }
        return true
    }

    /// The end of a raised mark that leads to a note, which is no part of the sentence: `<sup><a href="#n1">1</a></sup>`.
    private func noteEnd(_ index: Int, _ name: String) -> Int? {
        guard rules.language == .html, name == "sup", let last = structure.partner[index], last - index <= 8 else {
            return nil
        }
        let inner = tokens[index...last]
        let isLink = inner.contains { $0.kind == .start && rules.name(bytes, $0) == "a" }
        let words = inner.filter { $0.kind == .text }.flatMap { bytes[$0.range] }
        guard isLink || words.first == UInt8(ascii: "["), words.count <= 8 else { return nil }
        return last
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
