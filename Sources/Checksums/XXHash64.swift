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

    private var lanes = Lanes(first: prime1 &+ prime2, second: prime2, third: 0, fourth: 0 &- prime1)
    private var byteCount: UInt64 = 0
    /// What does not fill a stripe yet, in the bytes as they come. There is room for a number more, so that one can be put
    /// behind any of them.
    private var rest: Rest = (0, 0, 0, 0, 0)

    private typealias Rest = (UInt64, UInt64, UInt64, UInt64, UInt64)

    private var restCount: Int { Int(byteCount % UInt64(Self.stripe)) }

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        let start = restCount
        if start > 0 {
            let count = min(Self.stripe - start, bytes.count)
            copy(bytes, 0, count, to: start)
            byteCount &+= UInt64(count)
            guard start + count == Self.stripe else { return }
            takeRest()
            position = count
        }
        byteCount &+= UInt64(bytes.count - position)
        while bytes.count - position >= Self.stripe {
            take(bytes, at: position)
            position += Self.stripe
        }
        copy(bytes, position, bytes.count - position, to: 0)
    }

    /// The eight bytes of a number, least significant first. Most that is summed of a row are numbers.
    package mutating func add(_ number: UInt64) {
        let start = restCount
        withUnsafeMutableBytes(of: &rest) {
            $0.storeBytes(of: number.littleEndian, toByteOffset: start, as: UInt64.self)
        }
        byteCount &+= 8
        guard start + 8 >= Self.stripe else { return }
        takeRest()
        rest.0 = rest.4
    }

    private mutating func copy(_ bytes: UnsafeRawBufferPointer, _ position: Int, _ count: Int, to start: Int) {
        guard count > 0, let source = bytes.baseAddress else { return }
        withUnsafeMutableBytes(of: &rest) { rest in
            precondition(start + count <= Self.stripe && position + count <= bytes.count)
            guard let target = rest.baseAddress else { return }
            (target + start).copyMemory(from: source + position, byteCount: count)
        }
    }

    package mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    package var value: UInt64 {
        var hash = Self.prime5
        if byteCount >= UInt64(Self.stripe) {
            hash =
                Self.rotated(lanes.first, 1) &+ Self.rotated(lanes.second, 7) &+ Self.rotated(lanes.third, 12)
                &+ Self.rotated(lanes.fourth, 18)
            hash = (hash ^ Self.round(0, lanes.first)) &* Self.prime1 &+ Self.prime4
            hash = (hash ^ Self.round(0, lanes.second)) &* Self.prime1 &+ Self.prime4
            hash = (hash ^ Self.round(0, lanes.third)) &* Self.prime1 &+ Self.prime4
            hash = (hash ^ Self.round(0, lanes.fourth)) &* Self.prime1 &+ Self.prime4
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
        lanes.first = Self.round(lanes.first, Self.word(bytes, position))
        lanes.second = Self.round(lanes.second, Self.word(bytes, position + 8))
        lanes.third = Self.round(lanes.third, Self.word(bytes, position + 16))
        lanes.fourth = Self.round(lanes.fourth, Self.word(bytes, position + 24))
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotated(lane &+ word &* prime2, 31) &* prime1
    }

    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 { value << count | value >> (64 - count) }

    /// Four sums beside each other. Not a vector: few machines multiply vectors of 64-bit numbers.
    private struct Lanes {
        var first: UInt64
        var second: UInt64
        var third: UInt64
        var fourth: UInt64
    }
}
