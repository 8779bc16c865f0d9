internal import Tensors
internal import Text

/// Families whose reference makes a pipeline of a SentencePiece model alone: T5, mBART, NLLB, Pegasus.
///
/// The steps are those of the families' classes in transformers (`models/*/tokenization_*.py`), the ids those of
/// `convert_from_spm` in its `convert_slow_tokenizer.py`.
enum PieceFamilies {
    private static let mark = "▁"
    private static let metaspace = PreTokenizer.metaspace(replacement: mark, prepending: .always, splits: true)

    static func t5(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        let (pieces, file) = try pieces("spiece.model", source)
        let extra = try source.settings?.integer("extra_ids", in: 0...10_000) ?? 100
        var parts = Parts(file: file)
        for (index, piece) in pieces.pieces.enumerated() { try parts.add(piece.text, Double(piece.score), at: index) }
        for number in stride(from: extra - 1, through: 0, by: -1) { try parts.special("<extra_id_\(number)>", 0) }
        for (role, usual) in [("eos_token", "</s>"), ("unk_token", "<unk>"), ("pad_token", "<pad>")] {
            try parts.special(source.names.name(role, usual))
        }
        return try parts.recipe(
            source, pieces, unknown: 2, normalizers: pieces.characterMap.isEmpty ? [] : [.characterMap],
            preTokenizers: [.whitespaceSplit, metaspace])
    }

    static func mBart(
        _ source: HubTokenizer.Source, languages: [String], isOld: Bool
    ) throws(ModelError) -> TokenizerRecipe {
        let (pieces, file) = try pieces("sentencepiece.bpe.model", source)
        var parts = Parts(file: file)
        try parts.begin(source.names)
        // fairseq has four first tokens of its own, in place of SentencePiece's first three.
        for piece in pieces.pieces.dropFirst(3) { try parts.add(piece.text, Double(piece.score)) }
        for language in languages { try parts.special(language, 0) }
        try parts.special(source.names.name("mask_token", "<mask>"), 0)
        let collapse = Normalizer.replace(.run(.one(" "), least: 2), " ")
        let map: [Normalizer] = pieces.characterMap.isEmpty ? [] : [.characterMap]
        // mBART's class has no normalizer, whatever its model says.
        return try parts.recipe(
            source, pieces, unknown: 3, normalizers: isOld ? [] : map + [collapse],
            preTokenizers: isOld ? [.whitespaceSplit, metaspace] : [metaspace])
    }

    static func nllb(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        let (pieces, file) = try pieces("sentencepiece.bpe.model", source)
        var parts = Parts(file: file)
        try parts.begin(source.names)
        for piece in pieces.pieces where parts.entries.id(of: piece.text) == nil { try parts.add(piece.text, 0) }
        let merges = try parts.merges(pieces)
        // As the models were trained, and as their tokenizer.json has it: the languages, then the mask.
        for language in LanguageCodes.nllb { try parts.special(language) }
        try parts.special(source.names.name("mask_token", "<mask>"))
        var options = TokenizerPlan.BytePairs(unknown: 3)
        options.fusesUnknown = true
        let collapse = Normalizer.replace(.run(.one(" "), least: 2), " ")
        var recipe = try parts.recipe(
            source, pieces, unknown: 3,
            normalizers: pieces.characterMap.isEmpty ? [] : [.characterMap, collapse], preTokenizers: [metaspace])
        recipe.plan.model = .bytePairs(options)
        recipe.merges = merges
        recipe.scores = nil
        return recipe
    }

    static func pegasus(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        let (pieces, file) = try pieces("spiece.model", source)
        let offset = try source.settings?.integer("offset", in: 0...10_000) ?? 103
        var parts = Parts(file: file)
        try parts.special(source.names.name("pad_token", "<pad>"), 0)
        try parts.special(source.names.name("eos_token", "</s>"), 0)
        let mask = source.names.name("mask_token", "<mask_1>")
        let sentenceMask = try source.settings?.string("mask_token_sent") ?? "<mask_2>"
        if mask != "None" { try parts.special(mask, 0) }
        if sentenceMask != "None", sentenceMask != mask { try parts.special(sentenceMask, 0) }
        for number in 2..<max(offset, 2) { try parts.special("<unk_\(number)>", -100) }
        for piece in pieces.pieces.dropFirst(2) { try parts.add(piece.text, Double(piece.score)) }
        let unknownName = source.names.name("unk_token", "<unk>")
        let unknown = try parts.entries.require(unknownName)
        try parts.special(unknownName)
        let collapse = Normalizer.replace(.run(.one(" "), least: 2), " ")
        return try parts.recipe(
            source, pieces, unknown: unknown,
            normalizers: [
                pieces.characterMap.isEmpty ? .replace(.literal("\n"), " ") : .characterMap, collapse,
            ],
            preTokenizers: [metaspace])
    }

    private static func pieces(
        _ name: String, _ source: HubTokenizer.Source
    ) throws(ModelError) -> (SentencePieceFile, file: String) {
        guard source.folder.contains(name) else {
            throw source.folder.missing(
                name, "the pieces that text is cut into", remedy: "tokenizer.json would do as well; fetch either")
        }
        let file = source.folder.path(name)
        let bytes = try source.folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax)
        return (try SentencePieceFile(bytes, file: file), file)
    }

    /// What a recipe is put together from.
    private struct Parts {
        var entries: TokenEntries
        var scores: [Double] = []
        var specials: Set<Int> = []

        init(file: String) { entries = TokenEntries(file: file) }

        mutating func add(_ token: String, _ score: Double, at id: Int? = nil) throws(ModelError) {
            try entries.add(token, id: id ?? entries.end)
            scores.append(score)
        }

        /// Makes a token special, which is added with a score when it is not there and has one.
        mutating func special(_ token: String, _ score: Double? = nil) throws(ModelError) {
            if let score {
                try add(token, score)
            }
            specials.insert(try entries.require(token))
        }

        /// fairseq's first four.
        mutating func begin(_ names: SpecialNames) throws(ModelError) {
            let roles = [
                ("bos_token", "<s>"), ("pad_token", "<pad>"), ("eos_token", "</s>"), ("unk_token", "<unk>"),
            ]
            for (role, usual) in roles { try special(names.name(role, usual), 0) }
        }

        /// The pairs whose joints are pieces, in the order of these, the shorter left one first.
        func merges(_ pieces: SentencePieceFile) throws(ModelError) -> Block<Int32>? {
            var merges: [Int32] = []
            for piece in pieces.pieces {
                guard let result = entries.id(of: piece.text) else { continue }
                let scalars = piece.text.unicodeScalars
                var place = scalars.startIndex
                while place < scalars.endIndex {
                    place = scalars.index(after: place)
                    guard place < scalars.endIndex else { break }
                    let (left, right) = (String(scalars[..<place]), String(scalars[place...]))
                    guard let left = entries.id(of: left), let right = entries.id(of: right) else { continue }
                    merges += [Int32(left), Int32(right), Int32(result)]
                }
            }
            return merges.isEmpty ? nil : Block(merges)
        }

        func recipe(
            _ source: HubTokenizer.Source, _ pieces: SentencePieceFile, unknown: Int, normalizers: [Normalizer],
            preTokenizers: [PreTokenizer]
        ) throws(ModelError) -> TokenizerRecipe {
            var parts = self
            var plan = TokenizerPlan(model: .unigram(unknown: unknown, byteFallback: false))
            plan.normalizers = normalizers
            plan.preTokenizers = preTokenizers
            plan.decoders = [.metaspace(replacement: mark, drops: true)]
            for piece in pieces.pieces {
                guard let id = parts.entries.id(of: piece.text) else { continue }
                if piece.kind == SentencePieceFile.Kind.control { parts.specials.insert(id) }
                if piece.kind == SentencePieceFile.Kind.userDefined {
                    plan.added.append(AddedToken(piece.text, id: id))
                }
            }
            for name in source.names.all { parts.specials.insert(try parts.entries.require(name)) }
            let specials = parts.specials
            plan.added.removeAll { specials.contains($0.id) }
            plan.specials = specials.sorted()
            plan.cleansUp = try source.settings?.boolean("clean_up_tokenization_spaces") ?? false
            let size = max(source.sourceSize, source.targetSize)
            var recipe = TokenizerRecipe(plan: plan, source: parts.entries.table(size: size))
            recipe.scores = Block(scores.prefix(size))
            if normalizers.contains(.characterMap) { recipe.characterMap = Block(pieces.characterMap) }
            return recipe
        }
    }
}
