internal import Tensors

/// WordPiece: of each word the longest piece that is known, then the longest of the rest, each marked as one that goes on.
struct WordPieceModel: TokenModel {
    private let options: TokenizerPlan.WordPieces
    private let trie: PieceTrie
    /// Where pieces that go on a word begin.
    private let continued: Int?

    init(_ recipe: TokenizerRecipe, _ options: TokenizerPlan.WordPieces) {
        self.options = options
        let hidden = Set(recipe.plan.specials)
        let table = recipe.source
        trie = PieceTrie(
            (0..<table.count).compactMap { number in
                let id = table.ids.pointer[number]
                guard Int(id) < options.size, !hidden.contains(Int(id)) else { return nil }
                return table.token(number).isEmpty ? nil : (table.token(number), id)
            })
        continued = trie.node(of: options.continuingPrefix.utf8)
    }

    func encode(_ text: [UInt8], _ body: (_ id: Int, _ range: Range<Int>) -> Void) {
        var pieces: [(id: Int, range: Range<Int>)] = []
        var characters = 0
        text.forEachScalar { _, _ in characters += 1 }
        var start = 0
        while start < text.count, characters <= options.longestWord {
            var longest: (id: Int, end: Int)?
            if let root = start == 0 ? PieceTrie.root : continued {
                trie.forEachPrefix(of: text, from: start, at: root) { longest = ($0, $1) }
            }
            guard let longest else { break }
            pieces.append((longest.id, start..<longest.end))
            start = longest.end
        }
        // A word of which a part is unknown is unknown.
        guard start == text.count, characters <= options.longestWord else {
            return body(options.unknown, 0..<text.count)
        }
        for piece in pieces { body(piece.id, piece.range) }
    }
}
