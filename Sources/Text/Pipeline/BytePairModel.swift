internal import Tensors

/// Byte pair encoding (Sennrich et al. 2016) as the `tokenizers` library does it: characters are joined by rank.
struct BytePairModel: TokenModel {
    private let options: TokenizerPlan.BytePairs
    private let table: TokenTable
    private let merges: MergeTable
    private let hidden: Set<Int>
    private let prefix: [UInt8]
    private let suffix: [UInt8]
    private let bytes: [Int32]?

    init(_ recipe: TokenizerRecipe, _ options: TokenizerPlan.BytePairs) {
        self.options = options
        table = recipe.source
        hidden = Set(recipe.plan.specials)
        merges = MergeTable(recipe.merges, hidden: hidden)
        prefix = Array(options.continuingPrefix.utf8)
        suffix = Array(options.endSuffix.utf8)
        bytes = options.byteFallback ? TokenizerRecipe.byteTokens(in: table) : nil
    }

    func encode(_ text: [UInt8], _ body: (_ id: Int, _ range: Range<Int>) -> Void) {
        if options.ignoresMerges, let id = id(text[...]) { return body(id, 0..<text.count) }
        var symbols = SymbolList()
        var unknown: Range<Int>?
        func flush() {
            guard let range = unknown, let id = options.unknown else { return }
            symbols.append(Int32(id), start: range.lowerBound, length: range.count)
            unknown = nil
        }
        var index = 0
        while index < text.count {
            let range = index..<index + text.scalar(at: index).length
            index = range.upperBound
            if let id = symbol(text, range) {
                flush()
                symbols.append(Int32(id), start: range.lowerBound, length: range.count)
            } else if let bytes {
                // With all bytes in the vocabulary no character is unknown, so no unknown one waits to go before these.
                for place in range { symbols.append(bytes[Int(text[place])], start: place, length: 1) }
            } else if options.unknown != nil {
                if let before = unknown, options.fusesUnknown {
                    unknown = before.lowerBound..<range.upperBound
                } else {
                    flush()
                    unknown = range
                }
            }
        }
        flush()
        symbols.merge(merges)
        symbols.forEach(body)
    }

    /// The token of a character, as the first or the last of its word where that makes a difference.
    private func symbol(_ text: [UInt8], _ range: Range<Int>) -> Int? {
        var token = text[range]
        if !prefix.isEmpty, range.lowerBound > 0 { token = prefix + token }
        if !suffix.isEmpty, range.upperBound == text.count { token += suffix }
        return id(token)
    }

    private func id(_ token: ArraySlice<UInt8>) -> Int? {
        let id = token.withUnsafeBufferPointer { table.id(ofBytes: $0) }
        guard let id, !hidden.contains(id) else { return nil }
        return id
    }
}
