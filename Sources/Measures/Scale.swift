/// Between which whole numbers values are counted apart. Fixed, so that counts can be added up whenever they were made.
package struct Scale: Sendable, Hashable {
    /// Ascending; each is the largest value of its place.
    package let bounds: [UInt64]

    private init(_ bounds: [UInt64]) { self.bounds = bounds }

    /// The place of a value; what is above all bounds has a place of its own, the last.
    func place(of value: UInt64) -> Int {
        var (low, high) = (0, bounds.count)
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Durations in microseconds, 10 µs to 28 hours, no two bounds more than a tenth apart.
    package static let microseconds = {
        var bounds: [UInt64] = []
        var decade: UInt64 = 1
        while decade <= 1_000_000_000 {
            bounds += stride(from: 10, to: 20, by: 1).map { $0 * decade }
            bounds += stride(from: 20, to: 50, by: 2).map { $0 * decade }
            bounds += stride(from: 50, to: 100, by: 5).map { $0 * decade }
            decade *= 10
        }
        return Scale(bounds + [10 * decade])
    }()

    /// Amounts: the powers of two up to 65,536.
    package static let powersOfTwo = Scale((0...16).map { 1 << $0 })

    /// 1, 2 and 5 of each power of ten: those bounds of `microseconds` that people read.
    package static func round(_ range: ClosedRange<UInt64>) -> [UInt64] {
        var bounds: [UInt64] = []
        var decade: UInt64 = 1
        while decade <= range.upperBound {
            bounds += [1, 2, 5].map { $0 * decade }.filter(range.contains)
            decade *= 10
        }
        return bounds
    }
}
