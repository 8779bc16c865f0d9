import CKernels
import Tensors

extension Transformer {
    /// Runs the encoder over packed segments: the rows of one follow those of the other, with no padding between.
    ///
    /// - Parameters:
    ///   - tokens: All segments' source ids.
    ///   - lengths: Each segment's number of tokens; at least 1.
    /// - Returns: The states, `[tokens.count, width]`, in the workspace's stream.
    package func encode(_ tokens: [Int32], lengths: [Int], in workspace: Workspace) {
        let count = tokens.count, width = configuration.width, kernels = workspace.kernels
        workspace.reserve(rows: count)
        let stream = workspace.stream.pointer
        var row = 0
        for length in lengths {
            for position in 0..<length {
                encoder.embedding.look(
                    up: tokens[row], at: position, into: stream + row * width, kernels: kernels)
                row += 1
            }
        }
        encoder.embeddingNorm?.apply(stream, count: count, into: stream, kernels: kernels)
        for (index, layer) in encoderLayers.enumerated() {
            attend(layer.attention, layer: index, lengths: lengths, count: count, in: workspace)
            let input = workspace.blockInput(layer.feedForward.norm, count: count, to: layer.feedForward.up)
            layer.feedForward.apply(input, addingTo: stream, in: workspace)
            workspace.finishBlock(layer.feedForward.norm, count: count)
        }
        encoder.finalNorm?.apply(stream, count: count, into: stream, kernels: kernels)
    }

    /// Computes the rows that cross-attention reads for states that `encode` left in the workspace.
    ///
    /// - Parameter place: Where the row of a state goes.
    package func projectStates(
        count: Int, in workspace: Workspace, into place: (Int) -> UnsafeMutableRawPointer
    ) {
        let width = configuration.width, columns = crossKeyValue.columns
        for start in stride(from: 0, to: count, by: workspace.crossRows) {
            let part = min(workspace.crossRows, count - start)
            let rows = crossKeyValue.input(workspace.stream.pointer + start * width, count: part, in: workspace)
            let projected = workspace.crossProjected.pointer
            crossKeyValue.apply(rows, into: projected, stride: columns, in: workspace)
            for row in 0..<part {
                workspace.keyValueFormat.store(
                    projected + row * columns, count: columns, in: place(start + row), at: 0,
                    kernels: workspace.kernels)
            }
        }
    }

    private func attend(
        _ block: SelfAttention, layer: Int, lengths: [Int], count: Int, in workspace: Workspace
    ) {
        let stack = configuration.encoder, inner = stack.attentionWidth, kernels = workspace.kernels
        let projected = workspace.projected.pointer, context = workspace.context.pointer
        let input = workspace.blockInput(block.norm, count: count, to: block.queryKeyValue)
        block.queryKeyValue.apply(input, into: projected, stride: 3 * inner, in: workspace)
        for row in 0..<count { workspace.rowPointers.pointer[row] = UnsafeRawPointer(projected + row * 3 * inner) }
        var attention = stack.attention(scaled: configuration.scalesAttention, scratch: workspace.scores.pointer)
        attention.key_offset = inner
        attention.value_offset = 2 * inner
        let bias = encoder.relativeBias(layer)
        attention.bias_stride = bias?.stride ?? 0
        var start = 0
        for length in lengths {
            attention.rows = UnsafePointer(workspace.rowPointers.pointer + start)
            attention.count = length
            for position in 0..<length {
                attention.query = UnsafePointer(projected + (start + position) * 3 * inner)
                attention.output = context + (start + position) * inner
                attention.bias = bias?.row(position)
                kernels.table.pointee.attend(&attention)
            }
            start += length
        }
        let gathered = block.output.input(context, count: count, in: workspace)
        block.output.apply(
            gathered, adding: workspace.stream.pointer, into: workspace.stream.pointer, stride: configuration.width,
            in: workspace)
        workspace.finishBlock(block.norm, count: count)
    }
}
