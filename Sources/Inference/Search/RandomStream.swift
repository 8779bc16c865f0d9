/// A request's own random numbers (SplitMix64, Steele et al. 2014): the same for the same seed, whatever else runs.
package struct RandomStream: Sendable {
    private var state: UInt64

    /// - Parameter path: Which of the streams of the seed: the segment's and the sample's index.
    package init(seed: UInt64, path: [Int]) {
        state = seed
        for step in path {
            state = next() ^ UInt64(bitPattern: Int64(step))
        }
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in `[0, 1)`, with 24 bits.
    package mutating func nextUnit() -> Float { Float(next() >> 40) * 0x1p-24 }
}
