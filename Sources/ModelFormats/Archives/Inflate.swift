/// Decompresses what the method "deflate" has compressed (RFC 1951).
///
/// Its size is known before, so the output is memory of just that size, and nothing is written beyond it whatever the
/// input says.
package struct Inflate {
    package enum Failure: Error {
        /// The input ends too early, or was not compressed by this method.
        case malformed
        /// The output is not as long as it should be.
        case otherSize
    }

    /// A Huffman code: its symbols in the order of their codes, and how many there are of each length (RFC 1951, 3.2.2).
    private struct Code {
        static let lengthMax = 15
        /// Codes up to this length are looked up at once.
        static let fastBits = 9

        private(set) var counts = [UInt16](repeating: 0, count: lengthMax + 1)
        private(set) var symbols: [UInt16]
        /// By the next bits of the input: the symbol, and its length in the low four bits; 0 for longer codes.
        private(set) var fast = [UInt16](repeating: 0, count: 1 << fastBits)

        init(lengths: ArraySlice<UInt8>) throws(Failure) {
            for length in lengths where length > 0 { counts[Int(length)] += 1 }
            var left = 1
            for length in 1...Self.lengthMax {
                left = left * 2 - Int(counts[length])
                guard left >= 0 else { throw .malformed }
            }
            var offsets = [UInt16](repeating: 0, count: Self.lengthMax + 2)
            var code = 0
            var codes = [Int](repeating: 0, count: Self.lengthMax + 1)
            for length in 1...Self.lengthMax {
                offsets[length + 1] = offsets[length] + counts[length]
                codes[length] = code
                code = (code + Int(counts[length])) << 1
            }
            symbols = [UInt16](repeating: 0, count: lengths.count)
            for (symbol, length) in lengths.enumerated() where length > 0 {
                let length = Int(length)
                symbols[Int(offsets[length])] = UInt16(symbol)
                offsets[length] += 1
                defer { codes[length] += 1 }
                guard length <= Self.fastBits else { continue }
                // The first bit of a code is the highest, and the first of the input the lowest.
                var reversed = 0
                for bit in 0..<length { reversed |= (codes[length] >> bit & 1) << (length - 1 - bit) }
                for entry in stride(from: reversed, to: 1 << Self.fastBits, by: 1 << length) {
                    fast[entry] = UInt16(symbol) << 4 | UInt16(length)
                }
            }
        }
    }

    private let input: UnsafeRawBufferPointer
    private var position = 0
    private var bits: UInt64 = 0
    private var bitCount = 0
    private let output: UnsafeMutableRawBufferPointer
    private var written = 0

    private init(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        self.input = input
        self.output = output
    }

    /// - Parameter output: Of the size that the input has when it is decompressed.
    package static func inflate(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(Failure) {
        var state = Inflate(input, into: output)
        while try !state.block() {}
        guard state.written == output.count else { throw .otherSize }
    }

    /// Reads a block; returns whether it was the last.
    private mutating func block() throws(Failure) -> Bool {
        let isLast = try take(1) == 1
        switch try take(2) {
        case 0: try stored()
        case 1: try compressed(Self.fixedLiterals.get(), Self.fixedDistances.get())
        case 2:
            let (literals, distances) = try codes()
            try compressed(literals, distances)
        default: throw .malformed
        }
        return isLast
    }

    /// Makes sure that there are `count` bits, as far as the input has them; behind its end come zeros, which `drop` refuses.
    private mutating func fill() {
        while bitCount <= 56, position < input.count {
            bits |= UInt64(input[position]) << UInt64(bitCount)
            position += 1
            bitCount += 8
        }
    }

    private mutating func drop(_ count: Int) throws(Failure) {
        guard count <= bitCount else { throw .malformed }
        bits >>= UInt64(count)
        bitCount -= count
    }

    private mutating func take(_ count: Int) throws(Failure) -> Int {
        if bitCount < count { fill() }
        let value = Int(bits & (1 << UInt64(count) - 1))
        try drop(count)
        return value
    }

    private mutating func symbol(_ code: borrowing Code) throws(Failure) -> Int {
        if bitCount < Code.lengthMax { fill() }
        let entry = code.fast[Int(bits & (1 << UInt64(Code.fastBits) - 1))]
        if entry != 0 {
            try drop(Int(entry & 15))
            return Int(entry >> 4)
        }
        var value = 0, first = 0, index = 0
        for length in 1...Code.lengthMax {
            value |= Int(bits >> UInt64(length - 1) & 1)
            let count = Int(code.counts[length])
            if value - count < first {
                try drop(length)
                return Int(code.symbols[index + (value - first)])
            }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw .malformed
    }

    private mutating func stored() throws(Failure) {
        try drop(bitCount % 8)
        let count = try take(16)
        guard try take(16) == count ^ 0xFFFF else { throw .malformed }
        for _ in 0..<count { try put(UInt8(take(8))) }
    }

    private mutating func put(_ byte: UInt8) throws(Failure) {
        guard written < output.count else { throw .otherSize }
        output[written] = byte
        written += 1
    }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    private static let distanceBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]

    private mutating func compressed(_ literals: borrowing Code, _ distances: borrowing Code) throws(Failure) {
        while true {
            let symbol = try symbol(literals)
            if symbol < 256 {
                try put(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            guard symbol - 257 < Self.lengthBases.count else { throw .malformed }
            let length = Self.lengthBases[symbol - 257] + (try take(Self.lengthBits[symbol - 257]))
            let code = try self.symbol(distances)
            guard code < Self.distanceBases.count else { throw .malformed }
            let distance = Self.distanceBases[code] + (try take(Self.distanceBits[code]))
            guard distance <= written else { throw .malformed }
            guard length <= output.count - written else { throw .otherSize }
            // Byte by byte: the source may be what this very copy writes.
            for _ in 0..<length {
                output[written] = output[written - distance]
                written += 1
            }
        }
    }

    private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// Reads the codes of a block, whose lengths are compressed in turn (3.2.7).
    private mutating func codes() throws(Failure) -> (literals: Code, distances: Code) {
        let literalCount = try take(5) + 257, distanceCount = try take(5) + 1, lengthCount = try take(4) + 4
        var ordered = [UInt8](repeating: 0, count: 19)
        for index in 0..<lengthCount { ordered[Self.lengthOrder[index]] = UInt8(try take(3)) }
        let code = try Code(lengths: ordered[...])
        var lengths: [UInt8] = []
        while lengths.count < literalCount + distanceCount {
            switch try symbol(code) {
            case 16:
                guard let last = lengths.last else { throw .malformed }
                lengths += Array(repeating: last, count: 3 + (try take(2)))
            case 17: lengths += Array(repeating: 0, count: 3 + (try take(3)))
            case 18: lengths += Array(repeating: 0, count: 11 + (try take(7)))
            case let length: lengths.append(UInt8(length))
            }
        }
        guard lengths.count == literalCount + distanceCount else { throw .malformed }
        return (try Code(lengths: lengths[..<literalCount]), try Code(lengths: lengths[literalCount...]))
    }

    private static let fixedLiterals = Result { () throws(Failure) in
        let lengths: [UInt8] =
            Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112) + Array(repeating: 7, count: 24)
            + Array(repeating: 8, count: 8)
        return try Code(lengths: lengths[...])
    }
    private static let fixedDistances = Result { () throws(Failure) in
        try Code(lengths: [UInt8](repeating: 5, count: 30)[...])
    }
}

/// The checksum of zip archives (IEEE 802.3, bits in reverse).
package enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
        }
    }
}
