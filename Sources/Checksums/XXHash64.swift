/// The checksum XXH64, seed 0, of bytes that come in parts (https://github.com/Cyan4973/xxHash,
/// `doc/xxhash_spec.md`, version 0.1.1).
///
/// It finds damage, at the speed of memory. It is no defence against somebody who means to deceive.
package struct XXHash64 {
    package init() {}

    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
    private static let stripe = 32

    private var lanes = SIMD4<UInt64>(prime1 &+ prime2, prime2, 0, 0 &- prime1)
    private var byteCount: UInt64 = 0
    /// What does not fill a stripe yet, in the bytes as they come.
    private var rest = SIMD4<UInt64>()

    private var restCount: Int { Int(byteCount % UInt64(Self.stripe)) }

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        if restCount > 0 {
            let (start, count) = (restCount, min(Self.stripe - restCount, bytes.count))
            withUnsafeMutableBytes(of: &rest) { rest in
                UnsafeMutableRawBufferPointer(rebasing: rest[start..<start + count]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
            byteCount &+= UInt64(count)
            guard restCount == 0, count > 0 else { return }
            takeRest()
            position = count
        }
        byteCount &+= UInt64(bytes.count - position)
        while bytes.count - position >= Self.stripe {
            take(bytes, at: position)
            position += Self.stripe
        }
        guard position < bytes.count else { return }
        withUnsafeMutableBytes(of: &rest) { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position...])) }
    }

    /// The eight bytes of a number, least significant first.
    package mutating func add(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { add($0) } }

    package mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    package var value: UInt64 {
        var hash = Self.prime5
        if byteCount >= UInt64(Self.stripe) {
            hash =
                Self.rotated(lanes[0], 1) &+ Self.rotated(lanes[1], 7) &+ Self.rotated(lanes[2], 12)
                &+ Self.rotated(lanes[3], 18)
            for lane in 0..<4 {
                hash = (hash ^ Self.round(0, lanes[lane])) &* Self.prime1 &+ Self.prime4
            }
        }
        hash &+= byteCount
        withUnsafeBytes(of: rest) { all in
            let rest = UnsafeRawBufferPointer(rebasing: all[..<restCount])
            var position = 0
            while rest.count - position >= 8 {
                hash = Self.rotated(hash ^ Self.round(0, Self.word(rest, position)), 27) &* Self.prime1 &+ Self.prime4
                position += 8
            }
            if rest.count - position >= 4 {
                let half = UInt32(littleEndian: rest.loadUnaligned(fromByteOffset: position, as: UInt32.self))
                hash = Self.rotated(hash ^ UInt64(half) &* Self.prime1, 23) &* Self.prime2 &+ Self.prime3
                position += 4
            }
            for byte in rest[position...] { hash = Self.rotated(hash ^ UInt64(byte) &* Self.prime5, 11) &* Self.prime1 }
        }
        hash = (hash ^ hash >> 33) &* Self.prime2
        hash = (hash ^ hash >> 29) &* Self.prime3
        return hash ^ hash >> 32
    }

    /// As 16 hexadecimal digits.
    package var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private mutating func takeRest() {
        let words = rest
        withUnsafeBytes(of: words) { take($0, at: 0) }
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer, at position: Int) {
        for lane in 0..<4 { lanes[lane] = Self.round(lanes[lane], Self.word(bytes, position + lane * 8)) }
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotated(lane &+ word &* prime2, 31) &* prime1
    }

    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 { value << count | value >> (64 - count) }
}
