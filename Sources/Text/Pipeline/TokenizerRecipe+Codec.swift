extension TokenizerRecipe {
    /// Makes what encodes and decodes: takes as long as loading a SentencePiece model does.
    ///
    /// - Parameters:
    ///   - isTarget: Whether of the target's side, where that differs.
    ///   - name: For messages.
    func codec(isTarget: Bool, name: String) throws(TextError) -> any TokenCodec {
        var recipe = self
        recipe.source = isTarget ? target ?? source : source
        switch plan.model {
        case .unigram(let unknown, let byteFallback):
            return try PipelineCodec(
                recipe, UnigramModel(recipe, unknown: unknown, byteFallback: byteFallback))
        case .bytePairs(let options): return try PipelineCodec(recipe, BytePairModel(recipe, options))
        case .wordPieces(let options): return try PipelineCodec(recipe, WordPieceModel(recipe, options))
        case .sentencePiece(let options): return try SentencePieceCodec(recipe, options, name: name)
        case .words(let options):
            return options.style == .blenderbotSmall
                ? BlenderbotSmallCodec(recipe, unknown: options.unknown)
                : try MosesCodec(recipe, options, isTarget: isTarget)
        case .bytes(let offset): return ByteCodec(offset: offset)
        case .characters(let unknown):
            return CharacterCodec(table: recipe.source, specials: Set(plan.specials), unknown: unknown)
        }
    }
}
