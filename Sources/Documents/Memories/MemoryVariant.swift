/// What a unit of a translation memory is in one language.
struct MemoryVariant: Sendable, Equatable {
    /// Which unit of the file, counted from 0.
    var unit: Int
    /// As it is written in the file.
    var language: String
    /// When it, or its unit, was last changed, or else made; 0: it does not say.
    var changedAt: UInt64
    var text: String

    /// A date of TMX, which is ISO 8601 of UTC (`20040131T235959Z`), as a number that grows with it; 0 for any other text.
    static func time(_ date: String) -> UInt64 {
        let digits = date.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.prefix(14)
        guard digits.count >= 8 else { return 0 }
        let number = digits.reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
        return (digits.count..<14).reduce(number) { number, _ in number * 10 }
    }
}
