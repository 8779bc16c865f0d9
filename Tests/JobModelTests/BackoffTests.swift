import JobModel
import Testing

@Suite struct BackoffTests {
    @Test func `waits double up to their maximum, give or take a quarter`() {
        var backoff = Backoff(base: .seconds(1), maximum: .seconds(300), seed: 1)
        for attempt in 1...200 {
            let middle = min(Duration.seconds(300), .seconds(1 << min(attempt - 1, 20)))
            #expect((middle * 3 / 4...middle * 5 / 4).contains(backoff.wait(after: attempt)))
        }
    }

    @Test func `what was asked for is waited at least, and at most a quarter longer`() {
        var backoff = Backoff(base: .seconds(1), maximum: .seconds(300), seed: 1)
        let waits = (0..<200).map { _ in backoff.atLeast(.seconds(4)) }
        #expect(waits.allSatisfy { (.seconds(4)...Duration.seconds(5)).contains($0) })
        #expect(Set(waits).count > 100)
    }

    @Test func `the largest base and the smallest overflow nothing`() {
        let longest = Duration.milliseconds(UInt64.max)
        var backoff = Backoff(base: longest, maximum: longest, seed: 1)
        #expect(backoff.wait(after: .max) >= longest * 3 / 4)
        var none = Backoff(base: .zero, maximum: .seconds(1), seed: 1)
        #expect(none.wait(after: .max) == .zero)
    }

    @Test func `the numbers behind the chance are those of SplitMix64`() {
        // The first outputs of the reference implementation (https://prng.di.unimi.it/splitmix64.c) for seed 1234567.
        var random = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }
}
