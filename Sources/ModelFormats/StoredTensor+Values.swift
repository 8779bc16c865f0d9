package import Tensors

extension StoredTensor {
    /// The element at a row-major index, widened to float32, which is exact.
    package func value(at index: Int) -> Float {
        precondition((0..<elementCount).contains(index), "an index must lie inside its tensor")
        switch elementType {
        case .float32: return Float(bitPattern: bits(at: index * 4))
        case .float16: return Float(Float16(bitPattern: bits(at: index * 2)))
        case .bfloat16: return Float(bitPattern: UInt32(bits(at: index * 2) as UInt16) << 16)
        }
    }

    /// The row-major index of the first element that is a NaN or an infinity; `nil` when all are finite.
    package func firstNonFinite() -> Int? {
        // In every IEEE 754 format a number is not finite exactly when all bits of its exponent are ones.
        switch elementType {
        case .float32: return firstNonFinite(exponent: 0x7F80_0000 as UInt32, lanes: SIMD16<UInt32>.self)
        case .float16: return firstNonFinite(exponent: 0x7C00 as UInt16, lanes: SIMD32<UInt16>.self)
        case .bfloat16: return firstNonFinite(exponent: 0x7F80 as UInt16, lanes: SIMD32<UInt16>.self)
        }
    }

    private func firstNonFinite<Lanes: SIMD>(exponent: Lanes.Scalar, lanes: Lanes.Type) -> Int?
    where Lanes.Scalar: FixedWidthInteger & BitwiseCopyable, Lanes: BitwiseCopyable {
        let mask = Lanes(repeating: exponent)
        let stride = MemoryLayout<Lanes>.size
        var offset = 0
        // Whole vectors while they are clean; the tail, or the vector with the culprit, element by element.
        while offset + stride <= bytes.count {
            let bits = bytes.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
            if any((bits & mask) .== mask) { break }
            offset += stride
        }
        let size = MemoryLayout<Lanes.Scalar>.size
        while offset < bytes.count {
            let bits = Lanes.Scalar(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Lanes.Scalar.self))
            if bits & exponent == exponent { return offset / size }
            offset += size
        }
        return nil
    }

    private func bits<Bits: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Bits {
        Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self))
    }
}
