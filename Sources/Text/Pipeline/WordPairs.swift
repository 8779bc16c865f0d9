/// Cuts a word into pieces, as the first implementations of byte pair encoding do.
///
/// The last character of a word has `</w>` behind it, and is another symbol than the same one inside a word. What the
/// pairs make need not be a token: that is looked up at the end.
struct WordPairs: Sendable {
    private static let end = Array("</w>".utf8)

    private let symbols: TokenTable
    private let merges: MergeTable

    init?(_ recipe: TokenizerRecipe) {
        guard let symbols = recipe.symbols else { return nil }
        self.symbols = symbols
        merges = MergeTable(recipe.merges, hidden: [])
    }

    /// The pieces of a word, without its end.
    func pieces(of word: [UInt8]) -> [ArraySlice<UInt8>] {
        var list = SymbolList()
        // Characters that no pair has are symbols of their own, which nothing is joined with.
        word.forEachScalar { _, range in
            let text = range.upperBound == word.count ? word[range] + Self.end : word[range]
            let id = text.withUnsafeBufferPointer { symbols.id(ofBytes: $0) } ?? -1
            list.append(Int32(id), start: range.lowerBound, length: range.count)
        }
        list.mergeInRounds(merges)
        var pieces: [ArraySlice<UInt8>] = []
        list.forEach { _, range in pieces.append(word[range]) }
        return pieces
    }
}
