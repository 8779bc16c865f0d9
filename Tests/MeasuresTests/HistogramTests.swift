import Measures
import Testing

@Suite struct HistogramTests {
    @Test func `no two bounds of durations are more than a tenth apart, and round ones are among them`() {
        let bounds = Scale.microseconds.bounds
        #expect(bounds.first == 10 && bounds.last == 100_000_000_000 && bounds.count < 400)
        for (low, high) in zip(bounds, bounds.dropFirst()) { #expect(low < high && (high - low) * 10 <= low) }
        let round = Scale.round(1_000...100_000_000_000)
        #expect(round.prefix(4) == [1_000, 2_000, 5_000, 10_000] && round.last == 100_000_000_000)
        #expect(Set(round).isSubset(of: bounds))
    }

    @Test func `a percentile is the bound that so many values do not exceed`() {
        var histogram = Histogram(.microseconds)
        #expect(histogram.percentile(50) == nil)
        for value in 1...100 as ClosedRange<UInt64> { histogram.record(value * 1_000) }
        #expect(histogram.count == 100 && histogram.sum == 5_050_000)
        #expect(histogram.percentile(50) == 50_000)
        #expect(histogram.percentile(90) == 90_000)
        // 99,000 lies between 95,000 and 100,000.
        #expect(histogram.percentile(99) == 100_000)
        #expect(histogram.percentile(100) == 100_000)
        #expect(histogram.percentile(0) == 1_000)
    }

    @Test func `the rank of a percentile is that of exact arithmetic`() {
        for count in 1...300 as ClosedRange<UInt64> {
            var histogram = Histogram(.powersOfTwo)
            // All but one in a hundred are 1; the others 2.
            let large = count / 100
            for _ in 0..<(count - large) { histogram.record(1) }
            for _ in 0..<large { histogram.record(2) }
            let rank = (count * 99 + 99) / 100
            #expect(histogram.percentile(99) == (rank <= count - large ? 1 : 2), "\(count) values")
        }
    }

    @Test func `what is above all bounds, and a sum that is too large, are counted`() {
        var histogram = Histogram(.powersOfTwo)
        histogram.record(.max)
        histogram.record(.max)
        histogram.record(0)
        #expect(histogram.count == 3 && histogram.sum == .max && histogram.counts.last == 2)
        #expect(histogram.percentile(99) == 65_536)
        #expect(histogram.cumulative(at: [1, 65_536]) == [1, 1])
    }

    @Test func `counts at some bounds add up those between`() {
        var histogram = Histogram(.microseconds)
        for value in [5, 10, 11, 1_000, 1_001, 2_000, 2_001] as [UInt64] { histogram.record(value) }
        #expect(histogram.cumulative(at: [10, 1_000, 2_000]) == [2, 4, 6])
        var other = Histogram(.microseconds)
        other.record(1_000)
        other.add(histogram)
        #expect(other.count == 8 && other.cumulative(at: [10, 1_000, 2_000]) == [2, 5, 7])
    }

    @Test func `recent values are those of two periods at most`() {
        var recent = RecentHistogram(.powersOfTwo, period: 100)
        recent.record(1, at: 50)
        recent.record(2, at: 150)
        #expect(recent.values(at: 150).count == 2 && recent.values(at: 199).count == 2)
        // Looking changes nothing.
        #expect(recent.values(at: 900).count == 0 && recent.values(at: 250).count == 1)
        recent.record(4, at: 260)
        #expect(recent.values(at: 299).sum == 6)
        #expect(recent.values(at: 300).sum == 4 && recent.values(at: 400).count == 0)
        recent.record(8, at: 1_000)
        #expect(recent.values(at: 1_000).sum == 8)
    }
}
