/// A step that cuts a text into the parts that the model cuts into tokens, as `tokenizers` names them.
package enum PreTokenizer: Codable, Equatable, Sendable {
    package enum Prepending: String, Codable, Sendable { case always, first, never }
    /// What becomes of the delimiter.
    package enum Behavior: String, Codable, Sendable {
        case removed = "Removed"
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"
    }

    case metaspace(replacement: String, prepending: Prepending, splits: Bool)
    case byteLevel(addsPrefixSpace: Bool, usesPattern: Bool)
    case whitespace
    case whitespaceSplit
    case split(TextPattern, Behavior, inverts: Bool)
    case punctuation(Behavior)
    case digits(individual: Bool)
    case bert
    case delimiter(String)

    /// A part of a text.
    struct Part {
        var bytes: [UInt8]
        /// Whether the text begins with it.
        var isFirst: Bool
    }

    func apply(_ parts: [Part]) -> [Part] {
        switch self {
        case .metaspace(let replacement, let prepending, let splits):
            let mark = Array(replacement.utf8)
            return parts.flatMap { part in
                var part = part
                part.bytes = part.bytes.replacing([0x20], with: mark)
                let prepends = prepending == .always || (prepending == .first && part.isFirst)
                if prepends, !part.bytes.starts(with: mark, at: 0) { part.bytes = mark + part.bytes }
                guard splits else { return [part] }
                return Self.split(part, TextPattern.literal(replacement).matches(in: part.bytes), .mergedWithNext)
            }
        case .byteLevel(let addsPrefixSpace, let usesPattern):
            return parts.flatMap { part in
                var part = part
                if addsPrefixSpace, part.bytes.first != 0x20 { part.bytes = [0x20] + part.bytes }
                let words =
                    usesPattern ? Self.split(part, TextPattern.words.matches(in: part.bytes), .isolated) : [part]
                return words.map { Part(bytes: ByteAlphabet.encode($0.bytes), isFirst: $0.isFirst) }
            }
        case .whitespace: return parts.flatMap(Self.wordsAndSigns)
        case .whitespaceSplit: return Self.split(parts, .removed, at: \.isSpace)
        case .split(let pattern, let behavior, let inverts):
            return parts.flatMap { part in
                let matches = pattern.matches(in: part.bytes)
                return Self.split(part, inverts ? Self.gaps(matches, part.bytes.count) : matches, behavior)
            }
        case .punctuation(let behavior): return Self.split(parts, behavior, at: \.isPunctuation)
        case .digits(let individual): return Self.split(parts, individual ? .isolated : .contiguous, at: \.isNumber)
        case .bert:
            return Self.split(Self.split(parts, .removed, at: \.isSpace), .isolated, at: \.isPunctuation)
        case .delimiter(let delimiter):
            return parts.flatMap { Self.split($0, TextPattern.literal(delimiter).matches(in: $0.bytes), .removed) }
        }
    }

    /// `\w+|[^\w\s]+`
    private static func wordsAndSigns(_ part: Part) -> [Part] {
        var ranges: [(range: Range<Int>, isWord: Bool)] = []
        part.bytes.forEachScalar { scalar, range in
            if scalar.isSpace { return }
            let isWord = scalar.isWord
            if let last = ranges.last, last.isWord == isWord, last.range.upperBound == range.lowerBound {
                ranges[ranges.count - 1].range = last.range.lowerBound..<range.upperBound
            } else {
                ranges.append((range, isWord))
            }
        }
        return ranges.map { cut(part, $0.range) }
    }

    private static func split(_ parts: [Part], _ behavior: Behavior, at isDelimiter: (Unicode.Scalar) -> Bool) -> [Part]
    {
        parts.flatMap { part in
            var matches: [Range<Int>] = []
            part.bytes.forEachScalar { scalar, range in if isDelimiter(scalar) { matches.append(range) } }
            return split(part, matches, behavior)
        }
    }

    private static func split(_ part: Part, _ matches: [Range<Int>], _ behavior: Behavior) -> [Part] {
        if matches.isEmpty { return part.bytes.isEmpty ? [] : [part] }
        var pieces: [(range: Range<Int>, isMatch: Bool)] = []
        var done = 0
        for match in matches {
            if match.lowerBound > done { pieces.append((done..<match.lowerBound, false)) }
            pieces.append((match, true))
            done = match.upperBound
        }
        if done < part.bytes.count { pieces.append((done..<part.bytes.count, false)) }
        var ranges: [Range<Int>] = []
        var previous = false
        func join(_ range: Range<Int>) {
            guard let last = ranges.last else { return ranges.append(range) }
            ranges[ranges.count - 1] = min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound)
        }
        switch behavior {
        case .removed: ranges = pieces.filter { !$0.isMatch }.map(\.range)
        case .isolated: ranges = pieces.map(\.range)
        case .contiguous:
            for piece in pieces {
                if piece.isMatch == previous { join(piece.range) } else { ranges.append(piece.range) }
                previous = piece.isMatch
            }
        case .mergedWithPrevious:
            for piece in pieces {
                if piece.isMatch, !previous { join(piece.range) } else { ranges.append(piece.range) }
                previous = piece.isMatch
            }
        case .mergedWithNext:
            for piece in pieces.reversed() {
                if piece.isMatch, !previous { join(piece.range) } else { ranges.append(piece.range) }
                previous = piece.isMatch
            }
            ranges.reverse()
        }
        return ranges.compactMap { $0.isEmpty ? nil : cut(part, $0) }
    }

    private static func cut(_ part: Part, _ range: Range<Int>) -> Part {
        if range.count == part.bytes.count { return part }
        return Part(bytes: Array(part.bytes[range]), isFirst: part.isFirst && range.lowerBound == 0)
    }

    private static func gaps(_ matches: [Range<Int>], _ count: Int) -> [Range<Int>] {
        var gaps: [Range<Int>] = []
        var done = 0
        for match in matches {
            if match.lowerBound > done { gaps.append(done..<match.lowerBound) }
            done = match.upperBound
        }
        if done < count { gaps.append(done..<count) }
        return gaps
    }
}
