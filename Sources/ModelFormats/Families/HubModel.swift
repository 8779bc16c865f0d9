internal import Inference

/// A folder of the hub, with the files of settings that every family's reader looks at.
struct HubModel {
    let folder: ModelFolder
    /// `config.json`.
    let settings: Settings
    /// A folder's own file for generation is the only one that transformers heeds when it is there; else the same keys are
    /// read from `config.json`, where old models have them (`GenerationConfig.from_model_config`).
    let generation: Settings
    /// Whether `generation` is `config.json`, in a folder without settings of generation.
    let isLegacy: Bool
    /// `tokenizer_config.json`, if there is one.
    let tokenizer: Settings?
    /// The model's tokens, where a file lists them all; nil where only those of the tokenizer tell.
    let tokens: [ModelBundle.VocabularyEntry]?

    init(
        _ folder: ModelFolder, _ settings: Settings, tokens: [ModelBundle.VocabularyEntry]? = nil
    ) throws(ModelError) {
        self.folder = folder
        self.settings = settings
        self.tokens = tokens
        // Where a file lists all tokens, another format says how to search.
        let own = tokens == nil ? try folder.settingsIfPresent("generation_config.json") : nil
        generation = own ?? settings
        isLegacy = own == nil
        tokenizer = try folder.settingsIfPresent("tokenizer_config.json")
    }

    /// The token that `generate` uses in a role: that of its own settings, else the configuration's, else the family's.
    func token(_ key: String, below size: Int, usual: Int? = nil) throws(ModelError) -> Int {
        try tokens(key, below: size, usual: usual)[0]
    }

    /// The same for a role that several tokens may have; at least one.
    func tokens(_ key: String, below size: Int, usual: Int? = nil) throws(ModelError) -> [Int] {
        for settings in [generation, settings] {
            let tokens = try settings.oneOrMoreTokens(key, vocabulary: size)
            if !tokens.isEmpty { return tokens }
        }
        guard let usual else {
            throw ModelError(
                .invalidValue, file: settings.file, "\(key) is not given", expected: "a token id below \(size)")
        }
        guard usual < size else {
            throw ModelError(
                .invalidValue, file: settings.file, "\(key) is not given, and \(usual), which it then is, is no token",
                expected: "a token id below \(size)")
        }
        return [usual]
    }

    /// What transformers calls the folder's tokenizer; nil where no file says.
    func tokenizerClass() throws(ModelError) -> String? {
        if let name = try tokenizer?.string("tokenizer_class") { return name }
        return try settings.string("tokenizer_class")
    }

    /// One half of a model whose keys are those of BART's configuration.
    func stack(
        _ side: String, width: Int, positions: ModelConfiguration.Positions
    ) throws(ModelError) -> ModelConfiguration.Stack {
        let heads = try settings.requiredInteger("\(side)_attention_heads", in: 1...SizeLimits.width)
        guard width.isMultiple(of: heads) else {
            throw settings.invalid(
                "\(side)_attention_heads", expected: "a divisor of d_model, \(width)", found: "\(heads)")
        }
        return ModelConfiguration.Stack(
            layers: try settings.requiredInteger("\(side)_layers", in: 1...SizeLimits.layers), heads: heads,
            headWidth: width / heads,
            feedForwardWidth: try settings.requiredInteger("\(side)_ffn_dim", in: 1...SizeLimits.feedForwardWidth),
            positions: positions,
            maximumLength: try settings.requiredInteger(
                "max_position_embeddings", in: SizeLimits.positionsMin...SizeLimits.positions))
    }

    /// The names are those of transformers' `activations.py`; several are one function.
    func activation(_ key: String, named name: String) throws(ModelError) -> ModelConfiguration.Activation {
        switch name {
        case "relu": return .relu
        case "swish", "silu": return .swish
        case "gelu", "gelu_python": return .gelu
        case "gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh", "gelu_python_tanh": return .geluTanh
        default:
            throw ModelError(
                .unsupported, file: settings.file, "this \(key) is not supported",
                expected: "relu, swish, silu, gelu, gelu_new or another tanh form of gelu",
                found: ModelError.quoted(name))
        }
    }

    /// Refuses what no family of encoder and decoder has.
    func refuseUnsupported() throws(ModelError) {
        func refuse(_ key: String, _ isNeutral: Bool, _ why: String) throws(ModelError) {
            guard !isNeutral, let value = settings[key] else { return }
            throw ModelError(.unsupported, file: settings.file, "\(key) is set: \(why)", found: value.summary)
        }
        try refuse("is_decoder", settings.boolean("is_decoder") != true, "only encoder and decoder together translate")
        try refuse(
            "is_encoder_decoder", settings.boolean("is_encoder_decoder") != false,
            "only encoder and decoder together translate")
        try refuse("quantization_config", false, "only float weights are read; Dragoman quantises them itself")
        try refuse("per_layer_config", false, "layers that differ from each other are not supported")
    }
}
