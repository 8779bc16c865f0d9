import Inference
import Testing

@Suite struct RandomStreamTests {
    @Test func `the numbers are those of SplitMix64`() {
        // The first outputs of the reference implementation (https://prng.di.unimi.it/splitmix64.c) for seed 1234567.
        var stream = RandomStream(seed: 1_234_567, path: [])
        #expect(
            (0..<3).map { _ in stream.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test func `seeds, segments and samples all have streams of their own`() {
        var seen: Set<UInt64> = []
        for seed in UInt64(0)..<20 {
            for segment in 0..<20 {
                for sample in 0..<20 {
                    var stream = RandomStream(seed: seed, path: [segment, sample])
                    seen.insert(stream.next())
                }
            }
        }
        #expect(seen.count == 8000)
    }

    @Test func `unit numbers lie in the half-open unit interval and fill it evenly`() {
        var stream = RandomStream(seed: 1, path: [2, 3])
        let numbers = (0..<10_000).map { _ in stream.nextUnit() }
        #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
        for tenth in 0..<10 {
            let count = numbers.count { Int($0 * 10) == tenth }
            #expect((900...1100).contains(count))
        }
    }
}
