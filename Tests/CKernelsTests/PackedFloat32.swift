import CKernels
import TestKit

/// A random weight matrix, packed.
struct PackedFloat32 {
    let depth: Int
    let columns: Int
    let weights: [Float]
    let panels: GuardedBuffer<Float>

    init(depth: Int, columns: Int, random: inout SeededRandom) {
        self.depth = depth
        self.columns = columns
        weights = random.floats(columns * depth)
        panels = GuardedBuffer(repeating: 0, count: dragoman_float32_panel_count(depth, columns))
        let source = GuardedBuffer(weights), first = random.integer(0...columns)
        dragoman_pack_float32(source.start, depth, columns, 0, first, panels.start)
        dragoman_pack_float32(source.start + first * depth, depth, columns, first, columns - first, panels.start)
    }

    var matrix: dragoman_float32_matrix {
        dragoman_float32_matrix(panels: panels.start, depth: depth, columns: columns)
    }

    /// A weight, from where the header says that it is.
    func element(_ column: Int, _ k: Int) -> Float {
        let place = PanelPlace(column: column, columns: columns)
        return panels.start[
            place.groupStart * depth + k * place.groupPanels * 16 + place.panel * 16 + place.lane]
    }
}
