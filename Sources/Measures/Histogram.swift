/// How many values there were of which size. Its memory does not grow, and it knows whole numbers alone, so that equal
/// values always give equal counts.
package struct Histogram: Sendable, Hashable {
    package let scale: Scale
    /// By place; the last is of values above all bounds.
    package private(set) var counts: [UInt64]
    package private(set) var count: UInt64 = 0
    /// The largest number when they came to more.
    package private(set) var sum: UInt64 = 0

    package init(_ scale: Scale) {
        self.scale = scale
        counts = Array(repeating: 0, count: scale.bounds.count + 1)
    }

    package mutating func record(_ value: UInt64) {
        counts[scale.place(of: value)] += 1
        count += 1
        add(toSum: value)
    }

    /// Adds the values of another of the same scale.
    package mutating func add(_ other: Histogram) {
        precondition(scale == other.scale, "histograms of two scales cannot be added up")
        for place in counts.indices { counts[place] += other.counts[place] }
        count += other.count
        add(toSum: other.sum)
    }

    package mutating func removeAll() { self = Histogram(scale) }

    /// What so many of a hundred values do not exceed, up to the width of a place; nil: there were none. Of values above
    /// all bounds, the largest bound is all that is known.
    package func percentile(_ percent: UInt64) -> UInt64? {
        guard count > 0 else { return nil }
        // In two steps, for the product may be too large.
        let rank = max(1, count / 100 * percent + (count % 100 * percent + 99) / 100)
        var reached: UInt64 = 0
        for (place, bound) in scale.bounds.enumerated() {
            reached += counts[place]
            if reached >= rank { return bound }
        }
        return scale.bounds.last
    }

    /// How many values are at most as large as each of some of the scale's bounds, in ascending order.
    package func cumulative(at bounds: [UInt64]) -> [UInt64] {
        var place = 0
        var reached: UInt64 = 0
        return bounds.map { bound in
            let end = scale.place(of: bound)
            precondition(scale.bounds[end] == bound, "\(bound) is no bound of the scale")
            while place <= end {
                reached += counts[place]
                place += 1
            }
            return reached
        }
    }

    private mutating func add(toSum value: UInt64) {
        let (total, overflow) = sum.addingReportingOverflow(value)
        sum = overflow ? .max : total
    }
}
