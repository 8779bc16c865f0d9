internal import Tensors

/// SentencePiece's table of replacements (`precompiled_charsmap`), used as the `tokenizers` library does.
///
/// It is a double array trie (Aoe 1989) in the layout of darts-clone, whose values are places in a block of texts that
/// end with NUL: the trie's size in bytes, the trie in units of 32 bits, the texts; all little-endian.
///
/// The library asks for a whole grapheme first and takes the replacement of its shortest known beginning for all of it,
/// then asks for its characters. The models were not trained so, but their files' readers have done so since 2020.
struct CharacterMap: Sendable {
    private let map: Block<UInt8>
    private let unitCount: Int

    /// - Returns: nil for bytes that are no such table.
    init?(_ map: Block<UInt8>) {
        guard map.count >= 4 else { return nil }
        self.map = map
        let size = (0..<4).reduce(0) { $0 | Int(map.pointer[$1]) << (8 * $1) }
        guard size % 4 == 0, size > 0, size <= map.count - 4 else { return nil }
        unitCount = size / 4
    }

    /// A character cluster of so many bytes or more is never looked up whole.
    private static let clusterBytes = 6
    /// Unicode's longest, of U+FDFA, has 33.
    private static let replacementBytesMax = 256

    func normalize(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var isPlain = true
        for (index, byte) in text.enumerated() {
            let isBreak = byte == 0x0D && index + 1 < text.count && text[index + 1] == 0x0A
            if byte >= 0x80 || isBreak {
                isPlain = false
                break
            }
        }
        if isPlain {
            // Each character is a cluster.
            for byte in text { append(CollectionOfOne(byte), to: &result) }
            return result
        }
        for character in String(decoding: text, as: UTF8.self) {
            let cluster = character.utf8
            if cluster.count < Self.clusterBytes, let replacement = replacement(of: cluster) {
                result.append(contentsOf: replacement)
                continue
            }
            for scalar in character.unicodeScalars { append(UTF8.encode(scalar) ?? .init(), to: &result) }
        }
        return result
    }

    private func append(_ character: some Collection<UInt8>, to result: inout [UInt8]) {
        if let replacement = replacement(of: character) {
            result.append(contentsOf: replacement)
        } else {
            result.append(contentsOf: character)
        }
    }

    /// The replacement of the shortest beginning of `key` that has one.
    private func replacement(of key: some Sequence<UInt8>) -> [UInt8]? {
        var place = 0
        place ^= Self.offset(unit(0))
        for byte in key {
            if byte == 0 { return nil }
            place ^= Int(byte)
            guard place < unitCount else { return nil }
            let found = unit(place)
            guard found & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
            place ^= Self.offset(found)
            guard place < unitCount else { return nil }
            if found >> 8 & 1 == 1 { return text(at: Int(unit(place) & 0x7FFF_FFFF)) }
        }
        return nil
    }

    private func unit(_ place: Int) -> UInt32 {
        let bytes = UnsafeRawPointer(map.pointer)
        return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 + place * 4, as: UInt32.self))
    }

    private static func offset(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & (1 << 9)) >> 6)) }

    private func text(at place: Int) -> [UInt8]? {
        let start = 4 + unitCount * 4 + place
        guard start < map.count else { return nil }
        var end = start
        while end < map.count, end <= start + Self.replacementBytesMax, map.pointer[end] != 0 { end += 1 }
        let bytes = map.elements[start..<end]
        // Only in a damaged table: too long, or between the bytes of a character.
        guard bytes.count <= Self.replacementBytesMax, String(validating: bytes, as: UTF8.self) != nil else {
            return nil
        }
        return Array(bytes)
    }
}
