// Text inside the pipeline is UTF-8 in arrays: models match bytes, and arrays are cut without counting characters.

extension [UInt8] {
    /// The scalar that begins at `index`, and how many bytes it has. A byte that begins none counts as U+FFFD.
    func scalar(at index: Int) -> (scalar: Unicode.Scalar, length: Int) {
        let first = self[index]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard first >= 0xC2, first < 0xF5, index + length <= count else { return ("\u{FFFD}", 1) }
        var value = UInt32(first) & (0xFF >> UInt32(length + 1))
        for byte in self[(index + 1)..<(index + length)] {
            guard byte & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        // No character is written with more bytes than it needs.
        guard value >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000), let scalar = Unicode.Scalar(value) else {
            return ("\u{FFFD}", 1)
        }
        return (scalar, length)
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.value < 0x80 {
            append(UInt8(scalar.value))
        } else {
            append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    /// Calls `body` with each scalar and where its bytes lie.
    func forEachScalar(_ body: (Unicode.Scalar, Range<Int>) -> Void) {
        var index = 0
        while index < count {
            let (scalar, length) = scalar(at: index)
            body(scalar, index..<index + length)
            index += length
        }
    }

    /// The same text with each scalar replaced by those that `body` appends.
    func mappingScalars(_ body: (Unicode.Scalar, inout [UInt8]) -> Void) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        forEachScalar { scalar, _ in body(scalar, &result) }
        return result
    }

    func starts(with other: [UInt8], at index: Int) -> Bool {
        guard index + other.count <= count else { return false }
        for offset in 0..<other.count where self[index + offset] != other[offset] { return false }
        return true
    }

    /// The same bytes with every `old` replaced, from left to right.
    func replacing(_ old: [UInt8], with new: [UInt8]) -> [UInt8] {
        guard !old.isEmpty else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            if self[index] == old[0], starts(with: old, at: index) {
                result.append(contentsOf: new)
                index += old.count
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}
