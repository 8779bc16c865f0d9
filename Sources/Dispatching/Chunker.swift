package import JobModel

/// Cuts a job into chunks: long documents into several, so that several workers translate one at once, and many short
/// sources into one, so that a job of single words is not a thousand leases.
package struct Chunker: Sendable {
    /// The most source tokens of a chunk, by the estimate; a line that is longer is a chunk by itself.
    package var tokens: UInt32

    package init(tokens: UInt32) { self.tokens = tokens }

    package func chunks(of job: Job) -> [ChunkPlan] {
        var chunks: [ChunkPlan] = []
        for (index, source) in job.sources.enumerated() {
            for plan in pieces(of: source, at: index, options: job.options) {
                if let last = chunks.last, last.cost + plan.cost <= tokens {
                    chunks[chunks.count - 1].pieces += plan.pieces
                    chunks[chunks.count - 1].cost += plan.cost
                } else {
                    chunks.append(plan)
                }
            }
        }
        return chunks
    }

    /// About four bytes of a text are a token; each line ends with one of its own.
    package static func cost(of source: Source) -> UInt32 {
        switch source {
        case .text(let text): cost(bytes: text.utf8.count, lines: text.utf8.count { $0 == newline } + 1)
        case .tokens(let tokens): UInt32(clamping: tokens.count + 1)
        }
    }

    private static let newline = UInt8(ascii: "\n")

    private static func cost(bytes: Int, lines: Int) -> UInt32 { UInt32(clamping: bytes / 4 + lines) }

    private func pieces(of source: Source, at index: Int, options: SearchOptions) -> [ChunkPlan] {
        let cost = Self.cost(of: source)
        guard cost > tokens, case .text(let text) = source, Self.mayCut(text, options) else {
            return [ChunkPlan(pieces: [Piece(source: index)], cost: cost)]
        }
        let stretches = stretches(of: text, cost: cost, atBlankLines: options.paragraphs == true)
        guard stretches.count > 1 else { return [ChunkPlan(pieces: [Piece(source: index)], cost: cost)] }
        return stretches.map { ChunkPlan(pieces: [Piece(source: index, bytes: $0.bytes)], cost: $0.cost) }
    }

    /// The engine segments line by line, so cutting after a line's end changes nothing, except for what holds for the
    /// text as a whole: the prefix of the first segment's output, the name of a language at the start, and the random
    /// numbers of sampling; and where a text is one segment, or has markup. Paragraphs end with blank lines.
    private static func mayCut(_ text: String, _ options: SearchOptions) -> Bool {
        options.prefix == nil && !options.isSampling && options.split != .nowhere
            && options.markup == nil && !namesLanguage(start(of: text[...]))
    }

    /// Whether a text may begin with the name of its language: `>>fra<<`, `<2fr>`. Where it is cut before such a line, the
    /// name would hold for all that follows, and not for its sentence only.
    private static func namesLanguage(_ start: Substring.UnicodeScalarView) -> Bool {
        [(">>", "<<"), ("<2", ">")].contains { open, close in
            guard start.starts(with: open.unicodeScalars) else { return false }
            let rest = start.dropFirst(2).drop { isLetterOrDigit($0) || $0 == "-" || $0 == "_" }
            return rest.starts(with: close.unicodeScalars)
        }
    }

    /// A text after blanks.
    private static func start(of text: Substring) -> Substring.UnicodeScalarView {
        text.unicodeScalars.drop { $0.properties.isWhitespace }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }

    /// Stretches of about equal cost, each with whole lines, or with whole paragraphs.
    private func stretches(of text: String, cost: UInt32, atBlankLines: Bool) -> [(bytes: Range<Int>, cost: UInt32)] {
        let count = (cost + tokens - 1) / max(tokens, 1)
        let share = (cost + count - 1) / count
        var stretches: [(bytes: Range<Int>, cost: UInt32)] = []
        var begin = 0
        var end = 0
        var lines = 0
        func close(at position: Int) {
            stretches.append((begin..<position, Self.cost(bytes: position - begin, lines: lines)))
            begin = position
            lines = 0
        }
        // Where the next text begins, whatever blank lines are before it, and whether it names its language.
        var next = (position: -1, namesLanguage: false)
        func mayCut(at position: Int) -> Bool {
            if position > next.position {
                let rest = Substring(text.utf8.dropFirst(position))
                let start = Self.start(of: rest)
                next.position = position + rest.utf8.distance(from: rest.startIndex, to: start.startIndex)
                next.namesLanguage = Self.namesLanguage(start)
            }
            return !next.namesLanguage
        }
        func line(endingAt position: Int) {
            if end > begin, Self.cost(bytes: position - begin, lines: lines + 1) > tokens, mayCut(at: end) {
                close(at: end)
            }
            lines += 1
            end = position
            if Self.cost(bytes: end - begin, lines: lines) >= share, mayCut(at: end) { close(at: end) }
        }
        var position = 0
        var isBlank = true
        for byte in text.utf8 {
            position += 1
            guard byte == Self.newline else {
                isBlank =
                    isBlank && (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r"))
                continue
            }
            if isBlank || !atBlankLines { line(endingAt: position) }
            isBlank = true
        }
        if position > end { line(endingAt: position) }
        if end > begin { close(at: end) }
        return stretches
    }
}
