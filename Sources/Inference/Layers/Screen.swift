import CKernels
import Tensors

/// What bounds the products of an int8 matrix from above, in half of its bytes: the high halves of its levels. It is made
/// (and packed in files) whatever the instruction set, although portable C does without.
struct Screen: Sendable {
    /// See `dragoman_int8_screen`.
    private let nibbles: Block<UInt8>
    private let errors: Block<Float>

    /// Whether a matrix can have one.
    static func exists(depth: Int) -> Bool { depth.isMultiple(of: 8) && depth <= Int(DRAGOMAN_SCREEN_DEPTH) }

    /// The memory that it takes, in bytes.
    static func packedBytes(depth: Int, columns: Int) -> Int {
        dragoman_int8_panel_bytes(depth, columns) / 2 + columns * MemoryLayout<Float>.stride
    }

    /// - Parameter name: Of the matrix, under which the source may have it ready.
    init(
        _ name: String, of levels: Block<Int8>, depth: Int, columns: Int, from source: any TensorSource
    ) throws {
        let padded = levels.count / depth
        var packed: (nibbles: AlignedBuffer<UInt8>, errors: AlignedBuffer<Float>)?
        func pack() -> (nibbles: AlignedBuffer<UInt8>, errors: AlignedBuffer<Float>) {
            let new = (
                nibbles: AlignedBuffer<UInt8>(count: levels.count / 2), errors: AlignedBuffer<Float>(count: padded)
            )
            dragoman_pack_screen(levels.pointer, depth, columns, new.nibbles.pointer, new.errors.pointer)
            packed = new
            return new
        }
        nibbles = try source.block("\(name).nibbles", count: levels.count / 2) { pack().nibbles }
        errors = try source.block("\(name).errors", count: padded) { (packed ?? pack()).errors }
    }

    /// - Parameter bounds: `[rows, stride]`.
    func kernelScreen(
        bias: Block<Float>?, bounds: UnsafeMutablePointer<Float>, stride: Int
    ) -> dragoman_int8_screen {
        dragoman_int8_screen(
            nibbles: nibbles.pointer, errors: errors.pointer, bias: bias?.pointer, bounds: bounds, stride: stride)
    }
}
