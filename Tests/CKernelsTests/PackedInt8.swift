import CKernels
import TestKit

/// A random weight matrix, quantised and packed.
struct PackedInt8 {
    let depth: Int
    let columns: Int
    let weights: [Float]
    let panels: GuardedBuffer<Int8>
    let scales: GuardedBuffer<Float>
    let offsets: GuardedBuffer<Int32>

    /// `weights` is [columns][depth]. Packed in two parts, as a loader that reads a file bit by bit does it.
    init(weights: [Float], depth: Int, columns: Int, firstPart: Int) {
        self.depth = depth
        self.columns = columns
        self.weights = weights
        panels = GuardedBuffer(repeating: 0, count: dragoman_int8_panel_bytes(depth, columns))
        scales = GuardedBuffer(repeating: 0, count: columns)
        offsets = GuardedBuffer(repeating: 0, count: (columns + 15) / 16 * 16)
        let source = GuardedBuffer(weights)
        dragoman_pack_int8(source.start, depth, columns, 0, firstPart, panels.start, scales.start, offsets.start)
        dragoman_pack_int8(
            source.start + firstPart * depth, depth, columns, firstPart, columns - firstPart, panels.start,
            scales.start, offsets.start)
    }

    init(depth: Int, columns: Int, random: inout SeededRandom) {
        var weights = random.floats(columns * depth)
        for column in 0..<columns where random.integer(0...15) == 0 {
            for k in 0..<depth { weights[column * depth + k] = 0 }
        }
        self.init(weights: weights, depth: depth, columns: columns, firstPart: random.integer(0...columns))
    }

    var matrix: dragoman_int8_matrix {
        dragoman_int8_matrix(
            panels: panels.start, scales: scales.start, offsets: offsets.start, depth: depth, columns: columns)
    }

    /// Some of the columns, from a whole group on, as a matrix of its own.
    func columns(_ part: Range<Int>) -> dragoman_int8_matrix {
        dragoman_int8_matrix(
            panels: panels.start + part.lowerBound * ((depth + 3) / 4 * 4), scales: scales.start + part.lowerBound,
            offsets: offsets.start + part.lowerBound, depth: depth, columns: part.count)
    }

    /// The level of a weight, from where the header says that it is.
    func level(_ column: Int, _ k: Int) -> Int8 {
        let place = PanelPlace(column: column, columns: columns)
        let steps = (depth + 3) / 4, start = k / 64 * 16, together = min(16, steps - start)
        let step = start * place.groupPanels + place.panel * together + k / 4 - start
        return panels.start[((place.groupStart * steps + step * 16) + place.lane) * 4 + k % 4]
    }
}
