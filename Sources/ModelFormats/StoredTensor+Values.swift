package import Tensors

extension StoredTensor {
    /// The element at a row-major index, widened to float32, which is exact but for levels.
    package func value(at index: Int) -> Float {
        precondition((0..<elementCount).contains(index), "an index must lie inside its tensor")
        switch elementType {
        case .float32: return Float(bitPattern: bits(at: index * 4))
        case .float16: return Float(Float16(bitPattern: bits(at: index * 2)))
        case .bfloat16: return Float(bitPattern: UInt32(bits(at: index * 2) as UInt16) << 16)
        case .int8: return Float(bits(at: index) as Int8) * (rowScales?.pointer[index / rowElements] ?? 1)
        }
    }

    private func bits<Bits: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Bits {
        Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self))
    }
}
