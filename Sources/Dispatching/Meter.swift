/// Work of the last minute, by five seconds.
struct Meter: Sendable {
    private var tokens = [UInt64](repeating: 0, count: slots)
    private var sentences = [UInt64](repeating: 0, count: slots)
    /// Which five seconds were counted last.
    private var latest: UInt64 = 0
    private var countedAt: UInt64 = 0

    private static let slots = 12
    private static let slot: UInt64 = 5_000_000_000

    mutating func count(tokens moreTokens: UInt64, sentences moreSentences: UInt64, at now: UInt64) {
        advance(to: now)
        countedAt = now
        let index = Int(latest % UInt64(Self.slots))
        tokens[index] = tokens[index].saturatingAdd(moreTokens)
        sentences[index] = sentences[index].saturatingAdd(moreSentences)
    }

    /// - Parameters:
    ///   - since: when counting began, where that is less than a minute ago.
    ///   - isIdle: Nothing is being worked at: a few seconds after the last work was counted, the rates are 0.
    func rates(at now: UInt64, since start: UInt64, isIdle: Bool) -> (tokens: Double, sentences: Double) {
        if isIdle && now >= countedAt + Self.slot { return (0, 0) }
        var copy = self
        copy.advance(to: now)
        let seconds = Double(min(60_000_000_000, max(1_000_000_000, now > start ? now - start : 0))) / 1e9
        return (
            Double(copy.tokens.reduce(UInt64(0)) { $0.saturatingAdd($1) }) / seconds,
            Double(copy.sentences.reduce(UInt64(0)) { $0.saturatingAdd($1) }) / seconds
        )
    }

    private mutating func advance(to now: UInt64) {
        let present = now / Self.slot
        guard present > latest else { return }
        for slot in 0..<min(UInt64(Self.slots), present - latest) {
            tokens[Int((present - slot) % UInt64(Self.slots))] = 0
            sentences[Int((present - slot) % UInt64(Self.slots))] = 0
        }
        latest = present
    }
}
