internal import Tensors

/// SentencePiece cuts the text, and each piece is looked up in a vocabulary: M2M-100, SMaLL-100, PLBart.
struct SentencePieceCodec: TokenCodec {
    private let model: SentencePieceModel
    private let table: TokenTable
    private let options: TokenizerPlan.SentencePieces
    private let specials: Set<Int>
    private let cleansUp: Bool
    /// The vocabulary's id of each of the model's pieces.
    private let ids: [Int32]

    init(_ recipe: TokenizerRecipe, _ options: TokenizerPlan.SentencePieces, name: String) throws(TextError) {
        guard let pieces = recipe.pieces else { throw TextError(.damagedPieces, "\(name) has no SentencePiece model") }
        let model = try SentencePieceModel(UnsafeRawBufferPointer(pieces.elements), name: name)
        let specials = Set(recipe.plan.specials)
        self.model = model
        self.options = options
        self.specials = specials
        table = recipe.source
        cleansUp = recipe.plan.cleansUp
        let table = recipe.source
        ids = (0..<model.count).map { piece in
            guard let id = table.id(of: model.piece(piece)), !specials.contains(id) else {
                return Int32(options.unknown)
            }
            return Int32(id)
        }
    }

    func encode(_ text: Substring, _ body: (_ id: Int, _ piece: () -> String) -> Void) throws(TextError) {
        try model.encode(text) { piece, characters in
            // Characters that the model does not know may be a token of the vocabulary all the same.
            guard piece == model.unknown else { return body(Int(ids[piece])) { model.piece(piece) } }
            let text = characters()
            let id = table.id(of: text)
            body(id.map { specials.contains($0) ? options.unknown : $0 } ?? options.unknown) { text }
        }
    }

    func decode(_ ids: [Int]) throws(TextError) -> String {
        let tokens = ids.filter { !specials.contains($0) }.compactMap { table.token(of: $0) }
        var text: String
        if options.decodesByModel {
            text = try model.decode(tokens)
        } else {
            text = String(String.UnicodeScalarView(tokens.joined().unicodeScalars.map { $0 == "▁" ? " " : $0 }))
        }
        text = String(text[...].trimmed(\.isPythonSpace))
        guard cleansUp else { return text }
        return String(decoding: TokenDecoder.cleaned(Array(text.utf8), alsoDoNot: false), as: UTF8.self)
    }
}
