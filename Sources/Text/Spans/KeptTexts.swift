/// Texts that a translation must have as they are, each as often as its source has it. Texts are told apart by their bytes.
package struct KeptTexts: Sendable {
    /// Where a text stands in another, in bytes of UTF-8.
    package struct Place: Sendable, Equatable {
        /// The index in `texts`.
        package let index: Int
        package let range: Range<Int>
    }

    /// Longest first.
    package let texts: [String]
    /// How often the source has each.
    package let counts: [Int]
    private let bytes: [[UInt8]]

    /// - Parameters:
    ///   - spans: in any order, and as often as may be.
    ///   - source: what has them.
    package init(_ spans: some Sequence<String>, in source: some StringProtocol) {
        var seen: Set<[UInt8]> = []
        bytes = spans.map { Array($0.utf8) }.filter { !$0.isEmpty && seen.insert($0).inserted }.sorted {
            $0.count != $1.count ? $0.count > $1.count : $0.lexicographicallyPrecedes($1)
        }
        texts = bytes.map { String(decoding: $0, as: UTF8.self) }
        counts = bytes.isEmpty ? [] : Self.counts(of: bytes, in: Array(source.utf8))
    }

    package func index(of text: String) -> Int? { bytes.firstIndex(of: Array(text.utf8)) }

    /// Where a text has them, from left to right: where several begin, the longest counts, and nothing that begins within it.
    package func places(in text: some StringProtocol) -> [Place] { Self.places(of: bytes, in: Array(text.utf8)) }

    /// How often a text has each.
    package func counts(in text: some StringProtocol) -> [Int] { Self.counts(of: bytes, in: Array(text.utf8)) }

    /// Whether a text has all of them as often as the source.
    package func areKept(in text: some StringProtocol) -> Bool { counts(in: text) == counts }

    static func places(of bytes: [[UInt8]], in text: [UInt8]) -> [Place] {
        let first = Set(bytes.map { $0[0] })
        var places: [Place] = []
        var offset = 0
        while offset < text.count {
            if first.contains(text[offset]), let index = bytes.firstIndex(where: { text[offset...].starts(with: $0) }) {
                places.append(Place(index: index, range: offset..<offset + bytes[index].count))
                offset += bytes[index].count
            } else {
                offset += 1
            }
        }
        return places
    }

    private static func counts(of bytes: [[UInt8]], in text: [UInt8]) -> [Int] {
        var counts = [Int](repeating: 0, count: bytes.count)
        for place in places(of: bytes, in: text) { counts[place.index] += 1 }
        return counts
    }
}
