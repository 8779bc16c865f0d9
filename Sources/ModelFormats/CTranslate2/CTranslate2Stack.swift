internal import Inference

/// One half of a model as a CTranslate2 file describes it: by options, and by which variables there are.
struct CTranslate2Stack {
    let side: TensorName.Side
    let layers: Int
    let heads: Int
    /// Fewer than `heads` where several share their keys and values (arXiv:1911.02150).
    let keyValueHeads: Int
    let headWidth: Int
    let feedForwardWidth: Int
    let positions: ModelConfiguration.Positions
    let maximumLength: Int
    let isPreNorm: Bool
    let hasEmbeddingNorm: Bool
    let hasFinalNorm: Bool
    let isGated: Bool
    let isScaled: Bool
    let activation: Int
    let embeddingScale: Float

    /// Where a file has no table, positions have no end: as far as CTranslate2 reads by default (`max_input_length`).
    static let maximumLengthDefault = 1024

    init(_ file: CTranslate2File, _ side: TensorName.Side, width: Int) throws(ModelError) {
        typealias Limits = SizeLimits
        let first = CTranslate2Names.layer(side, 0)
        self.side = side
        var count = 0
        while count < Limits.layers, file["\(CTranslate2Names.norm(side, count, .feedForward))/gamma"] != nil {
            count += 1
        }
        layers = count
        try Self.refuseUnsupported(file, side, layers: count)
        guard count > 0 else {
            throw ModelError(
                .missingTensor, file: file.path, tensor: "\(CTranslate2Names.norm(side, 0, .feedForward))/gamma",
                "the \(side.rawValue) has no layers")
        }
        heads = try Self.heads(file, side)
        let own = try file.integer("\(first)/self_attention/num_heads_kv", in: 1...heads)
        keyValueHeads = try file.flag("\(first)/self_attention/multi_query", default: false) ? 1 : own ?? heads
        guard heads.isMultiple(of: keyValueHeads) else {
            throw ModelError(
                .invalidValue, file: file.path, tensor: "\(first)/self_attention/num_heads_kv",
                "heads cannot share their keys so", expected: "a divisor of \(heads)", found: "\(keyValueHeads)")
        }
        let queryKeyValue = CTranslate2Names.attention(side, 0, .selfAttention, .query).scope + "/weight"
        let rows = try Self.rows(queryKeyValue, file)
        let parts = heads + 2 * keyValueHeads
        guard rows.isMultiple(of: parts), rows > 0 else {
            throw ModelError(
                .wrongShape, file: file.path, tensor: queryKeyValue,
                "its rows are no queries, keys and values of \(heads) heads",
                expected: "a multiple of \(parts)", found: "\(rows)")
        }
        headWidth = rows / parts
        feedForwardWidth = try Self.rows("\(first)/ffn/linear_0/weight", file)
        isGated = file["\(first)/ffn/linear_0_noact/weight"] != nil
        isPreNorm = try Self.option("pre_norm", side, file).map { $0 != 0 } ?? true
        activation = Int(exactly: try Self.option("activation", side, file) ?? 0) ?? -1
        hasEmbeddingNorm = file["\(CTranslate2Names.embeddingNorm(side))/gamma"] != nil
        hasFinalNorm = file["\(CTranslate2Names.finalNorm(side))/gamma"] != nil
        isScaled = try Self.isScaled(file, side, layers: count, headWidth: headWidth, width: width, heads: heads)
        embeddingScale = try Self.embeddingScale(file, side, width: width)
        (positions, maximumLength) = try Self.positions(file, side, width: width, heads: heads)
    }

    /// An option of a side; files before revision 5 had one for both.
    private static func option(
        _ name: String, _ side: TensorName.Side, _ file: CTranslate2File
    ) throws(ModelError) -> Double? {
        if let value = try file.number("\(side.rawValue)/\(name)") { return value }
        return file.revision < 5 ? try file.number(name) : nil
    }

    /// Before revision 3 the specification's name told it.
    private static func heads(_ file: CTranslate2File, _ side: TensorName.Side) throws(ModelError) -> Int {
        if file.revision < 3 { return file.specification == "TransformerBig" ? 16 : 8 }
        let range = 1...SizeLimits.width
        if let heads = try file.integer("\(side.rawValue)/num_heads", in: range) { return heads }
        return file.revision < 5 ? try file.integer("num_heads", in: range) ?? 8 : 8
    }

    private static func rows(_ name: String, _ file: CTranslate2File) throws(ModelError) -> Int {
        guard let variable = file[name] else {
            throw ModelError(.missingTensor, file: file.path, tensor: name, "the file does not have it")
        }
        guard variable.shape.count == 2 else {
            throw ModelError(
                .wrongShape, file: file.path, tensor: name, "it is no matrix", expected: "[rows, columns]",
                found: "\(variable.shape)")
        }
        return variable.shape[0]
    }

    /// A flag for the square root of the width, or the factor itself; without either, the square root.
    private static func embeddingScale(
        _ file: CTranslate2File, _ side: TensorName.Side, width: Int
    ) throws(ModelError) -> Float {
        let names = ["\(side.rawValue)/scale_embeddings", "\(side.rawValue)/embeddings/multiply_by_sqrt_depth"]
        guard let name = names.first(where: { file[$0] != nil }), let value = try file.number(name) else {
            return Float(width).squareRoot()
        }
        if file[name]?.format == .int8 { return value == 0 ? 1 : Float(width).squareRoot() }
        return Float(value)
    }

    /// Whether attention's scores are divided by the square root of a head's width.
    ///
    /// CTranslate2 divides the width of its output, not that of its input, by the heads; where the two are not one, the
    /// factor is given (T5).
    private static func isScaled(
        _ file: CTranslate2File, _ side: TensorName.Side, layers: Int, headWidth: Int, width: Int, heads: Int
    ) throws(ModelError) -> Bool {
        let root = 1 / Float(headWidth).squareRoot()
        var found: Bool?
        for layer in 0..<layers {
            for kind in side == .decoder ? ["self_attention", "attention"] : ["self_attention"] {
                let scope = "\(CTranslate2Names.layer(side, layer))/\(kind)"
                let name = "\(scope)/queries_scale"
                let given = try file.number(name).map { Float($0) }
                let ownWidth = try file.integer("\(scope)/head_dim", in: 1...SizeLimits.width)
                let scale = given ?? 1 / Float(ownWidth ?? width / heads).squareRoot()
                let isRoot = abs(scale - root) <= 1e-6 * root
                guard isRoot || scale == 1, found == nil || found == isRoot else {
                    throw ModelError(
                        .unsupported, file: file.path, tensor: name,
                        "queries are scaled in a way that is not supported",
                        expected: "1 in all layers, or \(root) in all", found: "\(scale)")
                }
                found = isRoot
            }
        }
        return found ?? true
    }

    private static func positions(
        _ file: CTranslate2File, _ side: TensorName.Side, width: Int, heads: Int
    ) throws(ModelError) -> (ModelConfiguration.Positions, Int) {
        let bias = CTranslate2Names.relativeBias(side, 0)
        if let variable = file[bias] {
            guard variable.shape.count == 2, variable.shape[1] == heads else {
                throw ModelError(
                    .wrongShape, file: file.path, tensor: bias, "its shape does not fit the other variables",
                    expected: "[buckets, \(heads)]", found: "\(variable.shape)")
            }
            let distance = "\(CTranslate2Names.layer(side, 0))/self_attention/relative_attention_max_distance"
            let buckets = variable.shape[0]
            guard (4...SizeLimits.positions).contains(buckets) else {
                throw ModelError(
                    .invalidValue, file: file.path, tensor: bias, "a number of buckets that there cannot be",
                    expected: "4 to \(SizeLimits.positions)", found: "\(buckets)")
            }
            let maximumDistance = try file.integer(distance, in: 1...Int(Int32.max)) ?? 128
            let isPerLayer = file[CTranslate2Names.relativeBias(side, 1)] != nil
            return (
                isPerLayer
                    ? .relativePerLayer(buckets: buckets, maximumDistance: maximumDistance)
                    : .relative(buckets: buckets, maximumDistance: maximumDistance),
                maximumLengthDefault
            )
        }
        let name = CTranslate2Names.positions(side)
        guard let table = file[name] else { return (.learned(offset: 0), maximumLengthDefault) }
        let range = SizeLimits.positionsMin...SizeLimits.positions
        guard table.shape.count == 2, table.shape[1] == width, range.contains(table.shape[0]) else {
            throw ModelError(
                .wrongShape, file: file.path, tensor: name, "its shape does not fit the other variables",
                expected: "[\(range.lowerBound) to \(range.upperBound) positions, \(width)]", found: "\(table.shape)")
        }
        return (.learned(offset: 0), table.shape[0])
    }
}

extension CTranslate2Stack {
    /// Refuses, by name, what CTranslate2 computes and Dragoman does not.
    private static func refuseUnsupported(
        _ file: CTranslate2File, _ side: TensorName.Side, layers: Int
    ) throws(ModelError) {
        func refuse(_ name: String, _ why: String) -> ModelError {
            ModelError(.unsupported, file: file.path, tensor: name, "\(why), which is not supported")
        }
        if side == .encoder, file["encoder/embeddings_1/weight"] != nil {
            throw refuse("encoder/embeddings_1/weight", "the model reads features of words beside the words")
        }
        for (option, why) in [("alibi", "positions are biases that grow with the distance (ALiBi)")] {
            let name = "\(side.rawValue)/\(option)"
            if try file.flag(name, default: false) { throw refuse(name, why) }
        }
        for (part, why) in [
            ("project_in/weight", "embeddings have another width than the layers"),
            ("sliding_window", "attention sees a window only"),
            ("final_logit_softcapping", "the output's entries are squeezed"),
        ] where file["\(side.rawValue)/\(part)"] != nil {
            throw refuse("\(side.rawValue)/\(part)", why)
        }
        for layer in 0..<max(layers, 1) {
            let scope = CTranslate2Names.layer(side, layer)
            for (part, why) in [
                (
                    "input_layer_norm/gamma",
                    "layers have norms both before and after their blocks, or blocks side by side"
                ),
                ("shared_layer_norm/gamma", "a layer's blocks lie side by side"),
                ("external_pre_encoder_attention_layer_norm/gamma", "cross-attention has norms of its own"),
                ("layer_scalar", "layers are scaled"),
            ] where file["\(scope)/\(part)"] != nil {
                throw refuse("\(scope)/\(part)", why)
            }
            for kind in ["self_attention", "attention"] {
                for (part, why) in [
                    ("relative_position_keys", "positions are trained vectors for distances (arXiv:1803.02155)"),
                    ("relative_asymmetric_position_keys", "positions are trained vectors for distances"),
                    ("rotary_dim", "positions are rotations (RoPE)"),
                    ("sliding_window", "attention sees a window only"),
                    ("memory_kv/weight", "self-attention and cross-attention are one"),
                    ("q_norm/gamma", "queries are normalised"), ("k_norm/gamma", "keys are normalised"),
                    ("v_norm/gamma", "values are normalised"),
                ] where file["\(scope)/\(kind)/\(part)"] != nil {
                    throw refuse("\(scope)/\(kind)/\(part)", why)
                }
            }
        }
    }
}
