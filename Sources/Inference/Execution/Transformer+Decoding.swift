import CKernels
import Tensors

extension Transformer {
    /// Runs the decoder over `rows`, each of which may belong to another hypothesis of another segment.
    ///
    /// Several tokens of one hypothesis may be among them (a prefix), in their order: every row's keys and values are
    /// stored before any row attends, and a state is made of that of the row before.
    ///
    /// - Returns: The states, `[rows.count, width]`, in the workspace's stream, ready for `computeLogits` and
    ///   `summarizeLogits`.
    package func decode(_ rows: [DecoderRow], in workspace: Workspace) {
        let count = rows.count, width = configuration.width, kernels = workspace.kernels
        let stream = workspace.stream.pointer
        for (index, row) in rows.enumerated() {
            decoder.embedding.look(
                up: row.token, at: row.position, into: stream + index * width, kernels: kernels)
        }
        decoder.embeddingNorm?.apply(stream, count: count, into: stream, kernels: kernels)
        if configuration.normalization.precedesPositions {
            for (index, row) in rows.enumerated() {
                decoder.embedding.addPosition(row.position, to: stream + index * width)
            }
        }
        for (index, layer) in decoderLayers.enumerated() {
            switch layer.history {
            case .attention(let block): attendToSelf(block, layer: index, rows, in: workspace)
            case .recurrence(let block): recur(block, layer: index, rows, in: workspace)
            }
            attendToSource(layer.crossAttention, layer: index, rows, in: workspace)
            let input = workspace.blockInput(layer.feedForward.norm, count: count, to: layer.feedForward.up)
            layer.feedForward.apply(input, addingTo: stream, in: workspace)
            workspace.finishBlock(layer.feedForward.norm, count: count)
        }
        decoder.finalNorm?.apply(stream, count: count, into: stream, kernels: kernels)
        if configuration.outputScale != 1 {
            for index in 0..<count * width { stream[index] *= configuration.outputScale }
        }
    }

    /// Computes the logits of some of the rows that `decode` left in the workspace; at most `workspace.logitRows`.
    ///
    /// - Returns: `[range.count, targetVocabulary]`, valid until the next call.
    package func computeLogits(of range: Range<Int>, in workspace: Workspace) -> UnsafeMutablePointer<Float> {
        precondition(range.count <= workspace.logitRows, "logits are computed a few rows at a time")
        output.apply(
            outputRows(range, in: workspace), into: workspace.logits.pointer, stride: output.columns, in: workspace)
        return workspace.logits.pointer
    }

    /// Some of the rows that `decode` left in the workspace, as the output layer takes them.
    func outputRows(_ range: Range<Int>, in workspace: Workspace) -> Rows {
        let width = configuration.width
        return output.input(workspace.stream.pointer + range.lowerBound * width, count: range.count, in: workspace)
    }

    private func attendToSelf(_ block: SelfAttention, layer: Int, _ rows: [DecoderRow], in workspace: Workspace) {
        let stack = configuration.decoder, inner = stack.attentionWidth, kernels = workspace.kernels
        let projected = workspace.projected.pointer, keys = layer * 2 * inner
        let input = workspace.blockInput(block.norm, count: rows.count, to: block.queryKeyValue)
        block.queryKeyValue.apply(input, into: projected, stride: 3 * inner, in: workspace)
        for (index, row) in rows.enumerated() {
            workspace.keyValueFormat.store(
                projected + index * 3 * inner + inner, count: 2 * inner, in: row.cache, at: keys, kernels: kernels)
        }
        var attention = stack.attention(scaled: configuration.scalesAttention, scratch: workspace.scores.pointer)
        attention.is_paired = workspace.keyValueFormat.isPaired
        attention.key_offset = keys
        attention.value_offset = keys + inner
        let bias = decoder.relativeBias(layer)
        attention.bias_stride = bias?.stride ?? 0
        for (index, row) in rows.enumerated() {
            attention.query = UnsafePointer(projected + index * 3 * inner)
            attention.output = workspace.context.pointer + index * inner
            attention.rows = row.history
            attention.count = row.position + 1
            attention.bias = bias?.row(row.position)
            kernels.table.pointee.attend(&attention)
        }
        addContext(through: block.output, count: rows.count, in: workspace)
        workspace.finishBlock(block.norm, count: rows.count)
    }

    /// A row's state lies where its keys and values would, as floats: as wide as the model, which is half of their width.
    private func recur(_ block: Recurrence, layer: Int, _ rows: [DecoderRow], in workspace: Workspace) {
        let width = configuration.width, projected = workspace.projected.pointer
        let place = workspace.keyValueFormat.byteCount(layer * 2 * configuration.decoder.attentionWidth)
        let input = workspace.blockInput(block.norm, count: rows.count, to: block.candidateGate)
        block.candidateGate.apply(input, into: projected, stride: 2 * width, in: workspace)
        func state(_ row: UnsafeRawPointer) -> UnsafePointer<Float> {
            (row + place).assumingMemoryBound(to: Float.self)
        }
        // In the order of the rows, in which a hypothesis' tokens follow each other.
        for (index, row) in rows.enumerated() {
            let candidate = projected + index * 2 * width
            let before = row.position > 0 ? row.history[row.position - 1].map(state) : nil
            workspace.kernels.table.pointee.recur(
                candidate, candidate + width, before, width, UnsafeMutablePointer(mutating: state(row.cache)),
                workspace.stream.pointer + index * width)
        }
        workspace.finishBlock(block.norm, count: rows.count)
    }

    private func attendToSource(_ block: CrossAttention, layer: Int, _ rows: [DecoderRow], in workspace: Workspace) {
        let stack = configuration.decoder, inner = stack.attentionWidth, kernels = workspace.kernels
        let queries = workspace.projected.pointer, keys = layer * 2 * inner
        let input = workspace.blockInput(block.norm, count: rows.count, to: block.query)
        block.query.apply(input, into: queries, stride: inner, in: workspace)
        var attention = stack.attention(scaled: configuration.scalesAttention, scratch: workspace.scores.pointer)
        attention.is_paired = workspace.keyValueFormat.isPaired
        attention.key_offset = keys
        attention.value_offset = keys + inner
        let isLast = layer == stack.layers - 1
        for (index, row) in rows.enumerated() {
            attention.query = UnsafePointer(queries + index * inner)
            attention.output = workspace.context.pointer + index * inner
            attention.rows = row.source
            attention.count = row.sourceLength
            attention.mean_weights = isLast ? row.alignment : nil
            kernels.table.pointee.attend(&attention)
            keepHeads(of: row, layer: layer, from: attention)
        }
        addContext(through: block.output, count: rows.count, in: workspace)
        workspace.finishBlock(block.norm, count: rows.count)
    }

    /// Keeps what heads have attended to, as the kernel leaves it in its scratch.
    private func keepHeads(of row: DecoderRow, layer: Int, from attention: dragoman_attention) {
        guard let weights = row.headWeights else { return }
        let lanes = Int(DRAGOMAN_LANES), stride = (attention.count + lanes - 1) / lanes * lanes
        for (index, head) in row.heads.enumerated() where head.layer == layer {
            (weights + index * row.sourceLength).update(
                from: attention.scratch + head.head * stride, count: row.sourceLength)
        }
    }

    private func addContext(through output: Linear, count: Int, in workspace: Workspace) {
        let gathered = output.input(workspace.context.pointer, count: count, in: workspace)
        output.apply(
            gathered, adding: workspace.stream.pointer, into: workspace.stream.pointer, stride: configuration.width,
            in: workspace)
    }
}
