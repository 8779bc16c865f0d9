internal import Inference

/// Reads a folder as CTranslate2's converters write it: `model.bin`, its vocabularies and, since version 6 of the format,
/// `config.json`.
enum CTranslate2Reader {
    /// Whether a folder is one of CTranslate2's: it has its file of weights, and none of the hub's.
    static func isOne(_ folder: ModelFolder) -> Bool {
        guard folder.contains(CTranslate2File.name) else { return false }
        return !folder.names.contains { name in
            ["model.safetensors", "pytorch_model.bin"].contains { name == $0 || name == "\($0).index.json" }
        }
    }

    /// - Parameters:
    ///   - others: Other folders where SentencePiece models may lie.
    ///   - hasLanguages: Whether tokens may name languages.
    static func load(
        _ folder: ModelFolder, pieces others: [ModelFolder] = [], hasLanguages: Bool = true
    ) throws(ModelError) -> ModelBundle {
        let file = try CTranslate2File(path: folder.path(CTranslate2File.name))
        try refuseOtherTasks(file)
        let settings = try CTranslate2Settings(file, folder)
        let (encoder, decoder) = try stacks(file)
        let vocabulary = try CTranslate2Vocabulary(
            folder, settings, sourceSize: try rows(CTranslate2Names.embedding(.encoder, file), file),
            targetSize: try rows(CTranslate2Names.embedding(.decoder, file), file))
        let origin = try CTranslate2Origin(
            folder, settings, vocabulary, encoder, decoder, hasLanguages: hasLanguages)
        var configuration = try configuration(file, settings, vocabulary, origin, encoder, decoder)
        let tokenizer = try origin.tokenizer(&configuration, pieces: others)
        let languages = try origin.languages(&configuration, isForTexts: tokenizer.hasPieces)
        let weights = try CTranslate2Weights(file, configuration, encoder, decoder)
        return ModelBundle(
            configuration: configuration,
            defaults: defaults,
            weights: weights,
            storedPrecision: weights.storedPrecision,
            file: file.path,
            storedBytes: file.byteCount,
            parameterCount: weights.parameterCount,
            tokenizer: tokenizer, languages: languages)
    }

    /// How CTranslate2 searches when it is told nothing (`include/ctranslate2/translation.h`).
    static var defaults: GenerationDefaults {
        var defaults = GenerationDefaults()
        defaults.beamSize = 2
        defaults.earlyStopping = .full
        defaults.maximumLength = 256
        defaults.minimumLength = 1
        return defaults
    }

    /// Specifications of models that do not translate, in words.
    private static let others = [
        "TransformerDecoderSpec": "a language model, which has only a decoder",
        "TransformerEncoderSpec": "a model of texts that has only an encoder",
        "WhisperSpec": "a model for speech (Whisper)",
        "Wav2Vec2Spec": "a model for speech (Wav2Vec2)",
        "Wav2Vec2BertSpec": "a model for speech (Wav2Vec2-BERT)",
    ]
    /// Those that do; the first three are from before revision 3.
    private static let known = ["", "TransformerBase", "TransformerBig", "TransformerSpec"]
    private static let revisions = 1...7

    private static func refuseOtherTasks(_ file: CTranslate2File) throws(ModelError) {
        guard known.contains(file.specification) else {
            let what = others[file.specification] ?? "a specification that is not known"
            throw ModelError(
                .unsupported, file: file.path, "not a model that translates texts: \(what)",
                expected: "TransformerSpec, an encoder and a decoder", found: ModelError.quoted(file.specification))
        }
        guard revisions.contains(file.revision) else {
            throw CTranslate2File.version("revision of \(file.specification)", file.revision, revisions, file.path)
        }
        guard !file.variables.isEmpty else {
            throw ModelError(
                .unsupported, file: file.path, "not a file of CTranslate2's: it has no variables",
                remedy: "give a folder that ct2-transformers-converter or another of CTranslate2's converters has made")
        }
    }

    private static func rows(_ name: String, _ file: CTranslate2File) throws(ModelError) -> Int {
        try shape(name, file)[0]
    }

    private static func shape(_ name: String, _ file: CTranslate2File) throws(ModelError) -> [Int] {
        guard let variable = file[name] else {
            throw ModelError(.missingTensor, file: file.path, tensor: name, "the file does not have it")
        }
        let rows = 1...SizeLimits.vocabulary
        let columns = 1...SizeLimits.width
        guard variable.shape.count == 2, rows.contains(variable.shape[0]), columns.contains(variable.shape[1]) else {
            throw ModelError(
                .wrongShape, file: file.path, tensor: name, "it is no table of tokens",
                expected: "[up to \(rows.upperBound), up to \(columns.upperBound)]", found: "\(variable.shape)")
        }
        return variable.shape
    }

    private static func stacks(
        _ file: CTranslate2File
    ) throws(ModelError) -> (encoder: CTranslate2Stack, decoder: CTranslate2Stack) {
        let width = try shape(CTranslate2Names.embedding(.decoder, file), file)[1]
        let encoder = try CTranslate2Stack(file, .encoder, width: width)
        let decoder = try CTranslate2Stack(file, .decoder, width: width)
        func agree<Value: Equatable>(
            _ what: String, _ value: (CTranslate2Stack) -> Value
        ) throws(ModelError) {
            guard value(encoder) != value(decoder) else { return }
            throw ModelError(
                .unsupported, file: file.path, "encoder and decoder differ in \(what), which is not supported",
                expected: "\(value(encoder)), as the encoder", found: "\(value(decoder))")
        }
        try agree("where norms stand (pre_norm)") { $0.isPreNorm }
        try agree("their activation") { $0.activation }
        try agree("whether feed-forward blocks are gated") { $0.isGated }
        try agree("the norm of embeddings (layernorm_embedding)") { $0.hasEmbeddingNorm }
        try agree("the norm after the last layer (layer_norm)") { $0.hasFinalNorm }
        try agree("how embeddings are scaled (scale_embeddings)") { $0.embeddingScale }
        try agree("how queries are scaled (queries_scale)") { $0.isScaled }
        return (encoder, decoder)
    }

    private static func configuration(
        _ file: CTranslate2File, _ settings: CTranslate2Settings, _ vocabulary: CTranslate2Vocabulary,
        _ origin: CTranslate2Origin, _ encoder: CTranslate2Stack, _ decoder: CTranslate2Stack
    ) throws(ModelError) -> ModelConfiguration {
        let source = CTranslate2Names.embedding(.encoder, file), target = CTranslate2Names.embedding(.decoder, file)
        let output = "\(CTranslate2Names.output)/weight"
        let hasBeta = file["\(CTranslate2Names.norm(.encoder, 0, .selfAttention))/beta"] != nil
        func hasBias(_ scopes: [String]) -> Bool { scopes.contains { file["\($0)/bias"] != nil } }
        func stack(_ stack: CTranslate2Stack) -> ModelConfiguration.Stack {
            ModelConfiguration.Stack(
                layers: stack.layers, heads: stack.heads, headWidth: stack.headWidth,
                feedForwardWidth: stack.feedForwardWidth, positions: stack.positions,
                maximumLength: stack.maximumLength)
        }
        let layers = [encoder, decoder].flatMap { side in (0..<side.layers).map { (side.side, $0) } }
        let attention = layers.flatMap { side, layer in
            (side == .encoder ? [TensorName.AttentionKind.selfAttention] : [.selfAttention, .crossAttention]).flatMap {
                kind in
                [TensorName.Projection.query, .key, .output].map {
                    CTranslate2Names.attention(side, layer, kind, $0).scope
                }
            }
        }
        let feedForward = layers.flatMap { side, layer in
            [TensorName.FeedForwardPart.up, .gate, .down].map {
                CTranslate2Names.feedForward(side, layer, $0, isGated: encoder.isGated)
            }
        }
        let configuration = ModelConfiguration(
            family: "ctranslate2",
            sourceVocabularySize: try rows(source, file),
            targetVocabularySize: try rows(target, file),
            width: try shape(target, file)[1],
            encoder: stack(encoder),
            decoder: stack(decoder),
            normalization: .init(
                kind: hasBeta ? .layer : .rms, placement: encoder.isPreNorm ? .before : .after,
                // `LayerNorm::LayerNorm` in `src/layers/common.cc`.
                epsilon: settings.normEpsilon ?? (hasBeta ? 1e-5 : 1e-6), embeddings: encoder.hasEmbeddingNorm,
                final: encoder.hasFinalNorm),
            activation: try CTranslate2Activation(encoder.activation, file).engine,
            gatedFeedForward: encoder.isGated,
            embeddingScale: encoder.embeddingScale,
            outputScale: try file.number("decoder/scale_outputs").map { Float($0) } ?? 1,
            sharesEmbeddings: file[source] == file[target],
            tiesOutput: file[output] == file[target],
            biases: .init(
                attention: hasBias(attention), feedForward: hasBias(feedForward), normalization: hasBeta,
                output: file["\(CTranslate2Names.output)/bias"] != nil),
            specials: try vocabulary.specials(settings),
            framing: try vocabulary.framing(settings, namesLanguages: origin.namesLanguages),
            scalesAttention: encoder.isScaled,
            startsFromZero: try file.flag("decoder/start_from_zero_embedding", default: false))
        if let problem = configuration.problem {
            throw ModelError(
                .invalidValue, file: file.path, "its variables describe no model that there can be: \(problem)")
        }
        return configuration
    }
}
