/// The values of the last while: between one and two periods, for they are forgotten a period at a time.
package struct RecentHistogram: Sendable, Hashable {
    /// In the unit of the instants that it is given.
    private let period: UInt64
    private var current: Histogram
    private var previous: Histogram
    /// Which period `current` is of.
    private var number: UInt64 = 0

    package init(_ scale: Scale, period: UInt64) {
        self.period = period
        current = Histogram(scale)
        previous = current
    }

    package mutating func record(_ value: UInt64, at now: UInt64) {
        advance(to: now)
        current.record(value)
    }

    package func values(at now: UInt64) -> Histogram {
        var copy = self
        copy.advance(to: now)
        copy.current.add(copy.previous)
        return copy.current
    }

    private mutating func advance(to now: UInt64) {
        let present = now / period
        guard present > number else { return }
        if present == number + 1 { swap(&current, &previous) } else { previous.removeAll() }
        current.removeAll()
        number = present
    }
}
