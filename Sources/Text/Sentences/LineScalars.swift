/// The UTF-8 of a line, read scalar by scalar in either direction.
///
/// Offsets count bytes, and each is where a scalar begins, or the end. A `String` is always valid UTF-8, so nothing is
/// checked here.
struct LineScalars {
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var end: Int { bytes.count }

    func byte(at offset: Int) -> UInt8 { bytes[offset] }

    /// The scalar that begins at the offset; nil at the end.
    func scalar(at offset: Int) -> Unicode.Scalar? {
        guard offset < bytes.count else { return nil }
        let first = UInt32(bytes[offset])
        func more(_ index: Int) -> UInt32 { UInt32(bytes[offset + index]) & 0x3F }
        switch first {
        case 0..<0x80: return Unicode.Scalar(UInt8(first))
        case 0..<0xE0: return Unicode.Scalar((first & 0x1F) << 6 | more(1))
        case 0..<0xF0: return Unicode.Scalar((first & 0x0F) << 12 | more(1) << 6 | more(2))
        default: return Unicode.Scalar((first & 0x07) << 18 | more(1) << 12 | more(2) << 6 | more(3))
        }
    }

    /// Where the next scalar begins.
    func after(_ offset: Int) -> Int {
        switch bytes[offset] {
        case 0..<0x80: offset + 1
        case 0..<0xE0: offset + 2
        case 0..<0xF0: offset + 3
        default: offset + 4
        }
    }

    /// Where the scalar before the offset begins.
    func before(_ offset: Int) -> Int {
        var offset = offset - 1
        while bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
        return offset
    }

    /// The scalar before the offset, not before `start`.
    func last(of range: Range<Int>) -> Unicode.Scalar? {
        range.isEmpty ? nil : scalar(at: before(range.upperBound))
    }

    /// The first offset from `offset` on whose scalar is not of a kind, or the end; `reach` scalars are looked at.
    func skip(_ offset: Int, reach: Int = .max, while isSkipped: (Unicode.Scalar) -> Bool) -> Int {
        var (offset, left) = (offset, reach)
        while left > 0, let next = scalar(at: offset), isSkipped(next) {
            offset = after(offset)
            left -= 1
        }
        return offset
    }

    /// Where the scalars of a kind before the end of the range begin; `reach` scalars are looked at.
    func skipBack(_ range: Range<Int>, reach: Int = .max, while isSkipped: (Unicode.Scalar) -> Bool) -> Int {
        var (offset, left) = (range.upperBound, reach)
        while left > 0, offset > range.lowerBound {
            let previous = before(offset)
            guard let scalar = scalar(at: previous), isSkipped(scalar) else { break }
            offset = previous
            left -= 1
        }
        return offset
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
