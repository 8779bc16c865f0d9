internal import Translations

/// The bytes of a file, and the places in them where texts stand.
///
/// To write is to splice: all that is not at such a place is copied, so it cannot change.
struct Skeleton: Sendable {
    /// Where a translation goes, and how it is written there.
    struct Slot: Sendable {
        /// Which unit is written here. A unit may be written at several places.
        var unit: Int
        /// The bytes that the translation takes the place of.
        var range: Range<Int>
        var write: @Sendable (InlineText) -> [UInt8]
    }

    let source: [UInt8]
    private(set) var units: [InlineText] = []
    /// In the order of the source.
    private(set) var slots: [Slot] = []
    /// The language of tags that units have as they stand in the source; nil: their tags are the numbers of codes.
    var ownMarkup: MarkupLanguage?

    init(_ source: [UInt8]) { self.source = source }

    mutating func add(
        _ text: InlineText, in range: Range<Int>, write: @escaping @Sendable (InlineText) -> [UInt8]
    ) {
        add(text, in: [range], write: write)
    }

    mutating func add(
        _ text: InlineText, in ranges: [Range<Int>], write: @escaping @Sendable (InlineText) -> [UInt8]
    ) {
        for range in ranges {
            let slot = Slot(unit: units.count, range: range, write: write)
            let place = slots.lastIndex { $0.range.lowerBound < range.lowerBound }.map { $0 + 1 } ?? 0
            precondition(
                (place == 0 || slots[place - 1].range.upperBound <= range.lowerBound)
                    && (place == slots.count || range.upperBound <= slots[place].range.lowerBound)
                    && range.upperBound <= source.count,
                "the places of texts overlap")
            slots.insert(slot, at: place)
        }
        units.append(text)
    }

    /// - Parameter translations: One for each unit; nil: what is there stays.
    func written(_ translations: [InlineText?]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(source.count + source.count / 4)
        var end = 0
        for slot in slots {
            guard let translation = translations[slot.unit] else { continue }
            result += source[end..<slot.range.lowerBound]
            result += slot.write(translation)
            end = slot.range.upperBound
        }
        return result + source[end...]
    }
}
