internal import Inference

extension MarianReader {
    /// Translates the options that a model was trained with (`special:model.yml`) into its description.
    ///
    /// - Parameter file: Tells what options do not: whether positions are trained, and how an output layer is stored.
    static func configuration(
        _ options: Settings, _ file: any MarianTensorFile
    ) throws(ModelError) -> (ModelConfiguration, MarianNames) {
        try refuseOtherModels(options)
        let (source, target) = try vocabularySizes(options)
        let width = try options.requiredInteger("dim-emb", in: 4...SizeLimits.width)
        let heads = try options.requiredInteger("transformer-heads", in: 1...SizeLimits.width)
        guard width.isMultiple(of: 2), width.isMultiple(of: heads) else {
            throw options.invalid(
                "dim-emb", expected: "a multiple of 2 and of transformer-heads, \(heads)", found: "\(width)")
        }
        let table = file.shape(of: MarianNames.positions)
        let positions = table?.first ?? MarianPositions.count
        guard (SizeLimits.positionsMin...SizeLimits.positions).contains(positions) else {
            throw ModelError(
                .unsupported, file: file.path, tensor: MarianNames.positions, "too few positions, or too many",
                expected: "\(SizeLimits.positionsMin) to \(SizeLimits.positions)", found: "\(positions)")
        }
        let inside = try options.requiredInteger("transformer-dim-ffn", in: 1...SizeLimits.feedForwardWidth)
        let decoderInside = try options.integer("transformer-decoder-dim-ffn", in: 0...SizeLimits.feedForwardWidth) ?? 0
        func stack(_ depth: String, _ inside: Int) throws(ModelError) -> ModelConfiguration.Stack {
            ModelConfiguration.Stack(
                layers: try options.requiredInteger(depth, in: 1...SizeLimits.layers), heads: heads,
                headWidth: width / heads, feedForwardWidth: inside, positions: .learned(offset: 0),
                maximumLength: positions)
        }
        let encoder = try stack("enc-depth", inside)
        let decoder = try stack("dec-depth", decoderInside == 0 ? inside : decoderInside)
        let steps = try Steps(options)
        let history = try history(options)
        let tiesAll = try options.boolean("tied-embeddings-all") ?? false
        let sharesEmbeddings = try options.boolean("tied-embeddings-src") ?? false || tiesAll
        guard !sharesEmbeddings || source == target else {
            throw options.invalid(
                "dim-vocabs", expected: "two equal sizes, for both sides share their embeddings",
                found: "[\(source), \(target)]")
        }
        let names = MarianNames(
            sharesEmbeddings: sharesEmbeddings, isPreNorm: steps.placement == .before, history: history,
            tiedLayers: try tiedLayers(options, decoder.layers),
            transposesOutput: file.contains("decoder_ff_logit_out_W"))
        let configuration = ModelConfiguration(
            family: "marian-nmt",
            sourceVocabularySize: source, targetVocabularySize: target, width: width, encoder: encoder,
            decoder: decoder,
            // `layerNorm` in `src/layers/generic.h` has this epsilon.
            normalization: .init(
                kind: .layer, placement: steps.placement, epsilon: 1e-6, embeddings: steps.normalizesEmbeddings,
                final: steps.normalizesTop),
            activation: try activation(options), gatedFeedForward: false,
            // Positions that are trained are added to embeddings as they are.
            embeddingScale: table == nil ? Float(width).squareRoot() : 1, outputScale: 1,
            sharesEmbeddings: sharesEmbeddings,
            tiesOutput: try options.boolean("tied-embeddings") ?? false || tiesAll,
            biases: .init(
                attention: true, feedForward: true, normalization: true,
                output: try options.boolean("output-omit-bias") != true),
            // The ids are the vocabularies'.
            specials: .init(endOfSentence: 0, unknown: 0, padding: 0), framing: Framing(sourceEnd: 0, decoderStart: 0),
            startsFromZero: true, decoderHistory: history)
        return (configuration, names)
    }

    private static func vocabularySizes(_ options: Settings) throws(ModelError) -> (source: Int, target: Int) {
        guard case .array(let sizes)? = options["dim-vocabs"], sizes.count == 2,
            case .integer(let source) = sizes[0], case .integer(let target) = sizes[1],
            (2...SizeLimits.vocabulary).contains(source), (2...SizeLimits.vocabulary).contains(target)
        else {
            throw options.invalid(
                "dim-vocabs", expected: "the sizes of two vocabularies, one for each side",
                found: options["dim-vocabs"]?.summary ?? "nothing")
        }
        return (source, target)
    }

    /// What is done before and after each block, in Marian's letters: `a` adds the input, `n` normalises, `d` (dropout)
    /// does nothing outside of training.
    private struct Steps {
        let placement: ModelConfiguration.Normalization.Placement
        let normalizesEmbeddings: Bool
        let normalizesTop: Bool

        init(_ options: Settings) throws(ModelError) {
            func letters(_ key: String, _ absent: String) throws(ModelError) -> String {
                (try options.string(key) ?? absent).filter { $0 != "d" }
            }
            let before = try letters("transformer-preprocess", ""), after = try letters("transformer-postprocess", "an")
            switch (before, after) {
            case ("", "an"): placement = .after
            // With "n" and "da", Marian normalises the queries of attention, and neither keys nor values.
            default:
                throw ModelError(
                    .unsupported, file: options.file,
                    "transformer-preprocess and transformer-postprocess are not supported together",
                    expected: "\"\" and \"dan\"",
                    found: "\(ModelError.quoted(before)) and \(ModelError.quoted(after)), without d")
            }
            func normalizes(_ key: String) throws(ModelError) -> Bool {
                switch try letters(key, "") {
                case "": return false
                case "n": return true
                case let found:
                    throw ModelError(
                        .unsupported, file: options.file, "\(key) is not supported", expected: "\"\", \"d\" or \"n\"",
                        found: ModelError.quoted(found))
                }
            }
            normalizesEmbeddings = try normalizes("transformer-postprocess-emb")
            normalizesTop = try normalizes("transformer-postprocess-top")
        }
    }

    private static func history(_ options: Settings) throws(ModelError) -> ModelConfiguration.History {
        let kind = try options.string("transformer-decoder-autoreg") ?? "self-attention"
        let cell = try options.string("dec-cell") ?? "gru"
        switch (kind, cell) {
        case ("self-attention", _): return .attention
        case ("rnn", "ssru"): break
        default:
            throw ModelError(
                .unsupported, file: options.file, "this transformer-decoder-autoreg is not supported",
                expected: "self-attention, or rnn with the dec-cell ssru",
                found: kind == "rnn" ? "rnn with the dec-cell \(ModelError.quoted(cell))" : ModelError.quoted(kind))
        }
        for key in ["layer-normalization", "transformer-rnn-projection"] {
            try refuse(options, key, "decoders with it and the dec-cell ssru are not supported")
        }
        return .simpleRecurrence
    }

    private static func activation(_ options: Settings) throws(ModelError) -> ModelConfiguration.Activation {
        switch try options.string("transformer-ffn-activation") ?? "swish" {
        case "relu": return .relu
        case "swish": return .swish
        case let name:
            // Marian's gelu is x * sigmoid(1.702 * x).
            throw ModelError(
                .unsupported, file: options.file, "this transformer-ffn-activation is not supported",
                expected: "relu or swish", found: ModelError.quoted(name))
        }
    }

    private static func tiedLayers(_ options: Settings, _ layers: Int) throws(ModelError) -> [Int] {
        guard case .array(let elements)? = options["transformer-tied-layers"], !elements.isEmpty else { return [] }
        let numbers = elements.compactMap { if case .integer(let number) = $0 { number } else { nil } }
        guard numbers.count == layers, elements.count == layers, numbers.allSatisfy((1...layers).contains) else {
            throw options.invalid(
                "transformer-tied-layers", expected: "a layer from 1 to \(layers) for each of them",
                found: JSONValue.array(elements).summary)
        }
        return numbers
    }

    /// Refuses what Marian can train and the engine has no part for, by the option's name.
    private static func refuseOtherModels(_ options: Settings) throws(ModelError) {
        let type = try options.string("type") ?? "amun"
        guard type == "transformer" else {
            throw ModelError(
                .unsupported, file: options.file, "models of this type are not supported", expected: "transformer",
                found: ModelError.quoted(type))
        }
        for key in ["transformer-no-projection", "transformer-no-bias", "transformer-no-affine", "transformer-pool"] {
            try refuse(options, key, "models with it are not supported")
        }
        try refuse(options, "ulr", "universal representations are not supported")
        try refuse(options, "right-left", "models that write from right to left are not supported")
        for key in ["lemma-dim-emb", "factors-dim-emb"] {
            try refuse(options, key, "vocabularies with factors are not supported")
        }
        for key in ["transformer-ffn-depth", "transformer-decoder-ffn-depth"] {
            let depth = try options.integer(key, in: 0...1000) ?? 2
            guard depth == 2 || (depth == 0 && key == "transformer-decoder-ffn-depth") else {
                throw ModelError(
                    .unsupported, file: options.file, "this \(key) is not supported", expected: "2", found: "\(depth)")
            }
        }
    }

    private static func refuse(_ options: Settings, _ key: String, _ why: String) throws(ModelError) {
        switch options[key] {
        case nil, .boolean(false), .integer(0): return
        case let value?:
            throw ModelError(
                .unsupported, file: options.file, "\(key) is set: \(why)", found: value.summary)
        }
    }
}
