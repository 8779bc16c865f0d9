/// Growing pauses between attempts, drawn apart by chance so that workers do not come back all at once.
struct Backoff: Sendable {
    static let minimum: UInt64 = 100 * nanosecondsPerMillisecond
    static let maximum: UInt64 = 10_000 * nanosecondsPerMillisecond

    /// Attempts since the last success.
    private(set) var attempts = 0
    private var random: UInt64

    init(seed: UInt64) { random = seed }

    mutating func reset() { attempts = 0 }

    /// In nanoseconds: from the minimum doubled up to the maximum, give or take a fifth.
    mutating func nextPause() -> UInt64 {
        let pause = min(Self.minimum << UInt64(min(attempts, 16)), Self.maximum)
        attempts += 1
        return pause - pause / 5 + nextRandom() % (2 * pause / 5 + 1)
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    private mutating func nextRandom() -> UInt64 {
        random &+= 0x9E37_79B9_7F4A_7C15
        var bits = random
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

let nanosecondsPerMillisecond: UInt64 = 1_000_000
