package import JobModel

/// What tells a job from another that has its id by mistake, when the producer does not say: FNV-1a, 128 bits (Fowler,
/// Noll and Vo 1991), over model, languages, sources, options and topic. It guards against mistakes, not against malice:
/// who may submit under a tenant's name may as well choose the digest.
package struct Digest: Sendable {
    // The offset basis, 0x6c62272e07bb014262b821756295c58d.
    private var high: UInt64 = 0x6C62_272E_07BB_0142
    private var low: UInt64 = 0x62B8_2175_6295_C58D

    /// 16 bytes.
    package static func of(_ job: Job) -> [UInt8] {
        var digest = Digest()
        digest.add(job)
        return JobID(high: digest.high, low: digest.low).bytes
    }

    /// Of bytes alone, as the algorithm's authors give examples.
    package static func of(bytes: [UInt8]) -> [UInt8] {
        var digest = Digest()
        for byte in bytes { digest.add(byte) }
        return JobID(high: digest.high, low: digest.low).bytes
    }

    /// The prime is 2^88 + 0x13b.
    private mutating func add(_ byte: UInt8) {
        low ^= UInt64(byte)
        let product = low.multipliedFullWidth(by: 0x13B)
        high = high &* 0x13B &+ product.high &+ (low << 24)
        low = product.low
    }

    private mutating func add(_ number: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
    }

    /// Lengths come first, so that no two contents run into the same bytes.
    private mutating func add(_ text: String) {
        add(UInt64(text.utf8.count))
        for byte in text.utf8 { add(byte) }
    }

    private mutating func add(_ source: Source) {
        switch source {
        case .text(let text):
            add(UInt8(1))
            add(text)
        case .tokens(let tokens):
            add(UInt8(2))
            add(UInt64(tokens.count))
            for token in tokens { add(token) }
        }
    }

    private mutating func add(_ job: Job) {
        switch job.model {
        case .onlyOne:
            add(UInt8(0))
        case .named(let name):
            add(UInt8(1))
            add(name)
        case .languages(let source, let target):
            add(UInt8(2))
            add(source)
            add(target)
        }
        add(UInt64(job.sources.count))
        for source in job.sources { add(source) }
        add(job.options)
        add(job.topic)
        add(UInt8(job.wantsPartialResults ? 1 : 0))
        add(UInt8(job.wantsTokens ? 1 : 0))
    }

    private mutating func add(_ options: SearchOptions) {
        func bits(_ number: Int?) -> UInt64? { number.map { UInt64(bitPattern: Int64($0)) } }
        func bits(_ number: Float?) -> UInt64? { number.map { UInt64($0.bitPattern) } }
        func bits(_ flag: Bool?) -> UInt64? { flag.map { $0 ? 1 : 0 } }
        let numbers: [UInt64?] = [
            bits(options.beamSize), bits(options.nBest), bits(options.lengthPenalty), bits(options.maximumLength),
            bits(options.minimumLength), bits(options.maximumLengthRatio), bits(options.minimumLengthRatio),
            bits(options.patience), bits(options.repetitionPenalty), bits(options.noRepeatNgramSize),
            bits(options.renormalizeScores), bits(options.samplingTopK), bits(options.samplingTopP),
            bits(options.temperature), options.seed, bits(options.alignments),
        ]
        for number in numbers {
            add(UInt8(number == nil ? 0 : 1))
            if let number { add(number) }
        }
        for text in [options.earlyStopping?.rawValue, options.forceFirstToken] {
            add(UInt8(text == nil ? 0 : 1))
            if let text { add(text) }
        }
        add(UInt64(options.suppress?.count ?? 0))
        for sequence in options.suppress ?? [] { add(sequence) }
        add(UInt8(options.prefix == nil ? 0 : 1))
        if let prefix = options.prefix { add(prefix) }
        // Younger than the others: jobs without it keep the digest that they had.
        if let returnScores = options.returnScores { add(UInt8(returnScores ? 3 : 2)) }
    }
}
