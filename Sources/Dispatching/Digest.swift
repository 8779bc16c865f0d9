package import JobModel

/// What tells a job from another that has its id by mistake, when the producer does not say: FNV-1a, 128 bits (Fowler,
/// Noll and Vo 1991), over model, languages, sources, options, glossary (or its name) and topic. It guards against mistakes, not against malice:
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
        case .model(let name, let languages):
            add(UInt8(3))
            add(name)
            for language in [languages.source, languages.target] {
                add(UInt8(language == nil ? 0 : 1))
                if let language { add(language) }
            }
        }
        add(UInt64(job.sources.count))
        for source in job.sources { add(source) }
        add(job.options)
        add(job.topic)
        add(UInt8(job.wantsPartialResults ? 1 : 0))
        add(UInt8(job.wantsTokens ? 1 : 0))
        // Younger than the digests that are stored: only what is given counts.
        if let glossary = job.glossary {
            add(UInt64(glossary.entries.count))
            for entry in glossary.entries {
                add(entry.source)
                add(entry.target)
            }
        }
        if let name = job.glossaryName {
            add(UInt8(1))
            add(name)
        }
    }

    /// Stores keep digests, so a job must have the one that it had in every older release. Hence the order: of the first
    /// release's options first the numbers, then the texts, the list and the source, each whether it is given or not; then
    /// the younger options, of which only what is given counts.
    private mutating func add(_ options: SearchOptions) {
        guard !options.isEmpty else {
            for _ in 0..<Self.absentBytes { add(UInt8(0)) }
            return
        }
        let rows = SearchOption.table.map { (option: $0, part: Part($0.field, options)) }
        let first = rows.prefix { $0.option.number <= Self.firstOptions }
        for case (_, .number(let number)) in first {
            add(UInt8(number == nil ? 0 : 1))
            if let number { add(number) }
        }
        for case (_, .text(let text)) in first {
            add(UInt8(text == nil ? 0 : 1))
            if let text { add(text) }
        }
        for case (_, .texts(let texts)) in first { add(texts ?? []) }
        for case (_, .source(let source)) in first {
            add(UInt8(source == nil ? 0 : 1))
            if let source { add(source) }
        }
        for (option, part) in rows.dropFirst(first.count) {
            let mark = 2 * (option.number - Self.firstOptions)
            switch part {
            case .number(let number?):
                if case .flag = option.field {
                    add(mark + UInt8(number))
                } else {
                    add(mark)
                    add(number)
                }
            case .text(let text?):
                add(mark)
                add(text)
            case .texts(let texts?):
                add(mark)
                add(texts)
            case .source(let source?):
                add(mark)
                add(source)
            case .number(nil), .text(nil), .texts(nil), .source(nil): break
            }
        }
    }

    private mutating func add(_ texts: [String]) {
        add(UInt64(texts.count))
        for text in texts { add(text) }
    }

    /// How many options there were when digests were first stored.
    private static let firstOptions: UInt8 = 20

    /// The bytes of options of which none is given, all of them 0: a mark for each of the first release's, and the length of
    /// a list.
    private static let absentBytes = SearchOption.table.prefix { $0.number <= firstOptions }.reduce(0) {
        if case .texts = $1.field { $0 + MemoryLayout<UInt64>.size } else { $0 + 1 }
    }

    /// An option's value as a digest sees it.
    private enum Part {
        case number(UInt64?)
        case text(String?)
        case texts([String]?)
        case source(Source?)

        init(_ field: SearchOption.Field, _ options: SearchOptions) {
            switch field {
            case .integer(let path): self = .number(options[keyPath: path].map { UInt64(bitPattern: Int64($0)) })
            case .number(let path): self = .number(options[keyPath: path].map { UInt64($0.bitPattern) })
            case .seed(let path): self = .number(options[keyPath: path])
            case .flag(let path): self = .number(options[keyPath: path].map { $0 ? 1 : 0 })
            case .rule(let path): self = .text(options[keyPath: path]?.rawValue)
            case .split(let path): self = .text(options[keyPath: path]?.rawValue)
            case .markup(let path): self = .text(options[keyPath: path]?.rawValue)
            case .text(let path): self = .text(options[keyPath: path])
            case .texts(let path): self = .texts(options[keyPath: path])
            case .source(let path): self = .source(options[keyPath: path])
            }
        }
    }
}
