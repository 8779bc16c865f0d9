internal import Tensors

/// Cuts text into the pieces whose scores have the largest sum (Kudo 2018, "Subword Regularization").
///
/// Ties are decided as the `tokenizers` library does: the cut that was found first stays, from left to right and from
/// short pieces to long ones. Sums are of 64 bits, as there.
struct UnigramModel: TokenModel {
    /// What an unknown character costs below the worst piece, in SentencePiece and in `tokenizers`.
    private static let unknownPenalty = 10.0

    private let trie: PieceTrie
    /// By id.
    private let scores: Block<Double>
    private let unknown: Int
    private let unknownScore: Double
    /// The ids of `<0x00>` to `<0xFF>`, when unknown characters are written in bytes.
    private let bytes: [Int32]?

    init(_ recipe: TokenizerRecipe, unknown: Int, byteFallback: Bool) {
        let table = recipe.source
        let hidden = Set(recipe.plan.specials)
        scores = recipe.scores ?? Block([0])
        self.unknown = unknown
        unknownScore = (scores.elements.min() ?? 0) - Self.unknownPenalty
        bytes = byteFallback ? TokenizerRecipe.byteTokens(in: table) : nil
        var pieces: [(bytes: UnsafeBufferPointer<UInt8>, value: Int32)] = []
        for number in 0..<table.count {
            let id = table.ids.pointer[number]
            // Tokens that were added have no score. Text must not become a special one.
            guard Int(id) < scores.count, !hidden.contains(Int(id)), !table.token(number).isEmpty else { continue }
            pieces.append((table.token(number), id))
        }
        trie = PieceTrie(pieces)
    }

    func encode(_ text: [UInt8], _ body: (_ id: Int, _ range: Range<Int>) -> Void) {
        guard !text.isEmpty else { return }
        var best = [Double](repeating: 0, count: text.count + 1)
        var starts = [Int32](repeating: -1, count: text.count + 1)
        var ids = [Int32](repeating: 0, count: text.count + 1)
        var start = 0
        while start < text.count {
            let soFar = best[start]
            let length = text.scalar(at: start).length
            var isKnown = false
            func offer(_ id: Int, _ end: Int, _ score: Double) {
                let sum = score + soFar
                guard starts[end] < 0 || sum > best[end] else { return }
                best[end] = sum
                starts[end] = Int32(start)
                ids[end] = Int32(id)
            }
            trie.forEachPrefix(of: text, from: start) { id, end in
                if end == start + length { isKnown = true }
                offer(id, end, scores.pointer[id])
            }
            if !isKnown { offer(unknown, start + length, unknownScore) }
            start += length
        }
        var cuts: [(id: Int, range: Range<Int>)] = []
        var end = text.count
        while end > 0 {
            let start = Int(starts[end])
            let id = Int(ids[end])
            // Unknown characters that follow each other are one unknown token.
            if id == unknown, let last = cuts.last, last.id == unknown {
                cuts[cuts.count - 1].range = start..<last.range.upperBound
            } else {
                cuts.append((id, start..<end))
            }
            end = start
        }
        for cut in cuts.reversed() {
            if cut.id == unknown, let bytes {
                for index in cut.range { body(Int(bytes[Int(text[index])]), index..<index + 1) }
            } else {
                body(cut.id, cut.range)
            }
        }
    }
}
