internal import Inference

/// Where a tensor's elements are.
struct CTranslate2Place {
    enum Contents {
        /// Rows of a variable, one run after the other, multiplied by a factor.
        case rows(CTranslate2File.Variable, [Range<Int>], factor: Float)
        /// The file leaves it out.
        case zeros
        /// The file leaves it out, and CTranslate2 computes it.
        case positions
    }

    var contents: Contents
    var shape: [Int]

    /// What the file calls it, for errors.
    var label: String {
        if case .rows(let variable, _, _) = contents { variable.name } else { "" }
    }
}

/// Finds the tensors that a configuration calls for in a file.
struct CTranslate2Places {
    private let file: CTranslate2File
    private let configuration: ModelConfiguration
    private let encoder: CTranslate2Stack
    private let decoder: CTranslate2Stack
    private let activationFactor: Float
    private(set) var places: [TensorName: CTranslate2Place] = [:]
    /// The variables that have a place, as the file has them.
    private var known: Set<String> = []

    /// - Parameter activationFactor: See `CTranslate2Activation`.
    init(
        _ file: CTranslate2File, _ configuration: ModelConfiguration, _ encoder: CTranslate2Stack,
        _ decoder: CTranslate2Stack, activationFactor: Float
    ) {
        self.file = file
        self.configuration = configuration
        self.encoder = encoder
        self.decoder = decoder
        self.activationFactor = activationFactor
    }

    mutating func placeAll() throws(ModelError) {
        let width = configuration.width
        for (side, size) in [
            (TensorName.Side.encoder, configuration.sourceVocabularySize),
            (.decoder, configuration.targetVocabularySize),
        ] {
            try place(.embedding(side), CTranslate2Names.embedding(side, file), [size, width])
        }
        try place(.output(.weight), "\(CTranslate2Names.output)/weight", [configuration.targetVocabularySize, width])
        if configuration.biases.output {
            try place(.output(.bias), "\(CTranslate2Names.output)/bias", [configuration.targetVocabularySize])
        }
        for (name, shape) in configuration.stackTensors { try placeStack(name, shape) }
    }

    private mutating func placeStack(_ name: TensorName, _ shape: [Int]) throws(ModelError) {
        switch name {
        // No stack has the first two, nor a decoder of CTranslate2 a state.
        case .embedding, .output, .recurrence: break
        case .positions(let side):
            let stored = CTranslate2Names.positions(side)
            if file[stored] == nil {
                places[name] = CTranslate2Place(contents: .positions, shape: shape)
            } else {
                try place(name, stored, shape)
            }
        case .relativeBias(let side, let layer):
            try place(name, CTranslate2Names.relativeBias(side, layer), shape)
        case .embeddingNorm(let side, let parameter):
            try place(name, "\(CTranslate2Names.embeddingNorm(side))/\(CTranslate2Names.norm(parameter))", shape)
        case .finalNorm(let side, let parameter):
            try place(name, "\(CTranslate2Names.finalNorm(side))/\(CTranslate2Names.norm(parameter))", shape)
        case .norm(let side, let layer, let block, let parameter):
            try place(name, "\(CTranslate2Names.norm(side, layer, block))/\(CTranslate2Names.norm(parameter))", shape)
        case .attention(let side, let layer, let kind, let projection, let parameter):
            try placeAttention(name, side, layer, kind, projection, parameter, shape)
        case .feedForward(let side, let layer, let part, let parameter):
            let scope = CTranslate2Names.feedForward(side, layer, part, isGated: configuration.gatedFeedForward)
            let isActivated = part == (configuration.gatedFeedForward ? .gate : .up)
            let factor =
                isActivated ? activationFactor : part == .down && parameter == .weight ? 1 / activationFactor : 1
            try placeOptional(name, "\(scope)/\(parameter.rawValue)", shape, parameter, factor: factor)
        }
    }

    /// Queries, keys and values lie below each other, in this order; keys and values of fewer heads are those of several.
    private mutating func placeAttention(
        _ name: TensorName, _ side: TensorName.Side, _ layer: Int, _ kind: TensorName.AttentionKind,
        _ projection: TensorName.Projection, _ parameter: TensorName.Parameter, _ shape: [Int]
    ) throws(ModelError) {
        let stack = side == .encoder ? encoder : decoder
        let place = CTranslate2Names.attention(side, layer, kind, projection)
        let stored = "\(place.scope)/\(parameter.rawValue)"
        guard let index = place.parts.firstIndex(of: projection) else {
            return try placeOptional(name, stored, shape, parameter)
        }
        let all = stack.heads * stack.headWidth, shared = stack.keyValueHeads * stack.headWidth
        let lengths = place.parts.map { $0 == .query ? all : shared }
        let start = lengths[..<index].reduce(0, +)
        var rows = [start..<start + lengths[index]]
        if projection != .query, shared < all {
            rows = (0..<stack.heads).map { head in
                let first = start + head / (stack.heads / stack.keyValueHeads) * stack.headWidth
                return first..<first + stack.headWidth
            }
        }
        let fused = [lengths.reduce(0, +)] + shape.dropFirst()
        try placeOptional(name, stored, shape, parameter, rows: rows, of: fused)
    }

    /// Places a tensor that a file leaves out when it is all zeros: a bias.
    private mutating func placeOptional(
        _ name: TensorName, _ stored: String, _ shape: [Int], _ parameter: TensorName.Parameter,
        rows: [Range<Int>]? = nil, of fused: [Int]? = nil, factor: Float = 1
    ) throws(ModelError) {
        if parameter == .bias, file[stored] == nil {
            places[name] = CTranslate2Place(contents: .zeros, shape: shape)
        } else {
            try place(name, stored, shape, rows: rows, of: fused, factor: factor)
        }
    }

    private mutating func place(
        _ name: TensorName, _ stored: String, _ shape: [Int], rows: [Range<Int>]? = nil, of fused: [Int]? = nil,
        factor: Float = 1
    ) throws(ModelError) {
        let expected = fused ?? shape
        guard let variable = file[stored] else {
            throw ModelError(
                .missingTensor, file: file.path, tensor: stored, "the file does not have it", expected: "\(expected)")
        }
        guard variable.shape == expected else {
            throw ModelError(
                .wrongShape, file: file.path, tensor: stored, "its shape does not fit the other variables",
                expected: "\(expected)", found: "\(variable.shape)")
        }
        guard variable.format != .int32, variable.format != .int8 || shape.count == 2 else {
            throw ModelError(
                .unsupported, file: file.path, tensor: stored, "its number format is not supported",
                expected: shape.count == 2 ? "float32, float16, bfloat16, int16 or int8" : "a float",
                found: variable.format.words)
        }
        known.insert(variable.name)
        if variable.format == .int8 || variable.format == .int16 {
            known.insert(variable.name + CTranslate2Names.scaleSuffix)
        }
        places[name] = CTranslate2Place(
            contents: .rows(variable, rows ?? [0..<(expected.first ?? 1)], factor: factor), shape: shape)
    }

    /// Options, which `CTranslate2Stack` and `CTranslate2Settings` read, or that have to do with another use of a model:
    /// which head gives alignments.
    private static let options: Set = [
        "num_heads", "pre_norm", "activation", "embeddings_merge", "scale_embeddings", "multiply_by_sqrt_depth",
        "alignment_layer", "alignment_heads", "alibi", "alibi_use_positive_positions", "scale_alibi",
        "start_from_zero_embedding", "scale_outputs", "multi_query_attention", "multi_query", "num_heads_kv",
        "head_dim",
        "queries_scale", "relative_attention_max_distance", "layer_norm_use_residual", "unk_token", "bos_token",
        "eos_token", "with_source_bos", "with_source_eos", "with_target_bos", "user_decoder_start_tokens",
    ]

    /// A variable that nothing reads may be what makes the model another.
    func refuseUnknown() throws(ModelError) {
        let unknown = file.variables.keys.map(\.text).filter { name in
            guard let variable = file[name] else { return false }
            let last = name.split(separator: "/").last.map { String($0) } ?? name
            // The first layer's bias counts for all; files may have it in each.
            return !known.contains(variable.name) && !Self.options.contains(last) && last != "relative_attention_bias"
        }.sorted()
        guard let first = unknown.first else { return }
        throw ModelError(
            .unknownTensor, file: file.path, tensor: first,
            "the model has no place for it" + (unknown.count > 1 ? ", nor for \(unknown.count - 1) more" : ""))
    }
}
