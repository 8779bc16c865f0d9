internal import Inference

/// What Marian calls the tensors of a transformer (`src/models/transformer.h`), as the model's options have it.
struct MarianNames {
    /// How a tensor lies in the file.
    enum Form {
        /// `[rows, columns]` as Dragoman has them.
        case matrix
        /// Marian multiplies rows with matrices `[in, out]`.
        case transposed
        /// A vector as a matrix of one row.
        case row
    }

    /// Whether the tables of a side are called `Wemb`, which both share.
    var sharesEmbeddings: Bool
    var isPreNorm: Bool
    var history: ModelConfiguration.History
    /// By layer, the number of the layer whose weights it has; empty where each has its own.
    var tiedLayers: [Int]
    /// Whether an output layer of its own is stored as `[in, out]`, as older versions did.
    var transposesOutput: Bool

    static let positions = "Wpos"
    static let outputBias = "decoder_ff_logit_out_b"

    func stored(_ name: TensorName) -> (name: String, form: Form) {
        switch name {
        case .embedding(let side): (sharesEmbeddings ? "Wemb" : "\(side.rawValue)_Wemb", .matrix)
        case .positions: (Self.positions, .matrix)
        case .embeddingNorm(let side, let parameter): ("\(side.rawValue)_emb_\(norm(parameter))_pre", .row)
        case .attention(let side, let layer, let kind, let projection, let parameter):
            linear(
                "\(prefix(side, layer))_\(kind == .selfAttention ? "self" : "context")", letter(projection), parameter)
        case .recurrence(let layer, let part, let parameter):
            linear("\(prefix(.decoder, layer))_rnn", part == .gate ? "f" : "", parameter)
        case .feedForward(let side, let layer, let part, let parameter):
            linear("\(prefix(side, layer))_ffn", part == .up ? "1" : "2", parameter)
        case .norm(let side, let layer, let block, let parameter):
            ("\(prefix(side, layer))_\(self.block(block, side))_\(norm(parameter))\(isPreNorm ? "_pre" : "")", .row)
        case .finalNorm(let side, let parameter): ("\(side.rawValue)_top_\(norm(parameter))", .row)
        case .output(.weight):
            transposesOutput
                ? ("decoder_ff_logit_out_W", Form.transposed) : ("decoder_ff_logit_out_Wt", Form.matrix)
        case .output(.bias): (Self.outputBias, .row)
        case .relativeBias: preconditionFailure("no model of Marian's has relative positions")
        }
    }

    private func prefix(_ side: TensorName.Side, _ layer: Int) -> String {
        let number = side == .decoder && !tiedLayers.isEmpty ? tiedLayers[layer] : layer + 1
        return "\(side.rawValue)_l\(number)"
    }

    private func linear(
        _ prefix: String, _ suffix: String, _ parameter: TensorName.Parameter
    ) -> (name: String, form: Form) {
        parameter == .weight ? ("\(prefix)_W\(suffix)", .transposed) : ("\(prefix)_b\(suffix)", .row)
    }

    private func norm(_ parameter: TensorName.Parameter) -> String { parameter == .weight ? "ln_scale" : "ln_bias" }

    private func letter(_ projection: TensorName.Projection) -> String {
        switch projection {
        case .query: "q"
        case .key: "k"
        case .value: "v"
        case .output: "o"
        }
    }

    private func block(_ block: TensorName.Block, _ side: TensorName.Side) -> String {
        switch block {
        case .selfAttention where side == .decoder && history == .simpleRecurrence: isPreNorm ? "rnn" : "rnn_ffn"
        case .selfAttention: "self_Wo"
        case .crossAttention: "context_Wo"
        case .feedForward: "ffn_ffn"
        }
    }
}
