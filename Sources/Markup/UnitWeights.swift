/// How much each unit of an output comes from each unit of its source.
struct UnitWeights {
    let source: [Range<Int>]
    let target: [Range<Int>]
    /// For each unit of the target, the share of its weights that the first words of the source have together, and which
    /// word has most.
    private var sums: [[Float]] = []
    private var best: [Int?] = []

    /// - Parameters:
    ///   - source: the units of the source's text.
    ///   - target: those of the output.
    init(
        _ alignment: WordAlignment, source: [Range<Int>], in sourceText: String, target: [Range<Int>], in output: String
    ) {
        self.source = source
        self.target = target
        var rows: [[Float]] = Array(repeating: Array(repeating: 0, count: source.count), count: target.count)
        let columns = Self.shares(alignment.source, of: source)
        for (token, shares) in Self.shares(alignment.target, of: target).enumerated() {
            for (unit, share) in shares {
                for (column, weight) in alignment.weights[token].enumerated() where column < columns.count {
                    for (word, part) in columns[column] { rows[unit][word] += share * weight * part }
                }
            }
        }
        for (unit, word) in Self.anchors(Self.places(source, in: sourceText), Self.places(target, in: output)) {
            rows[unit] = rows[unit].indices.map { $0 == word ? 1 : 0 }
        }
        // A mark that a model has set at the end comes from no word.
        if let end = output.last, Self.ends.contains(end), !sourceText.contains(where: Self.ends.contains),
            let last = rows.indices.last
        {
            rows[last] = rows[last].map { _ in 0 }
        }
        for row in rows {
            let sum = row.reduce(0, +)
            var sums: [Float] = [0]
            for weight in row { sums.append(sums[sums.count - 1] + (sum > 0 ? weight / sum : 0)) }
            self.sums.append(sums)
            best.append(sum > 0 ? row.indices.max { row[$0] < row[$1] } : nil)
        }
    }

    /// How much of a unit comes from a stretch of the source, 0 to 1: the mean of its share of the weights, and of whether
    /// it has the largest.
    func support(_ unit: Int, _ words: Range<Int>) -> Float {
        guard let best = best[unit] else { return 0 }
        return (sums[unit][words.upperBound] - sums[unit][words.lowerBound] + (words.contains(best) ? 1 : 0)) / 2
    }

    private static let ends: Set<Character> = [".", "!", "?", "…", "。", "！", "？", "।", "۔", "؟"]

    /// The units that tokens have a part in, and how large a part of the token each is.
    private static func shares(_ tokens: [Range<Int>], of units: [Range<Int>]) -> [[(unit: Int, share: Float)]] {
        var first = 0
        return tokens.map { token in
            while first < units.count, units[first].upperBound <= token.lowerBound { first += 1 }
            var shares: [(unit: Int, share: Float)] = []
            var unit = first
            while unit < units.count, units[unit].lowerBound < token.upperBound {
                let overlap = units[unit].clamped(to: token).count
                if overlap > 0 { shares.append((unit, Float(overlap) / Float(token.count))) }
                unit += 1
            }
            return shares
        }
    }

    /// What stands once in the source and once in the output, such as a name or a number, is the same.
    private static func anchors(_ words: [String: [Int]], _ units: [String: [Int]]) -> [(unit: Int, word: Int)] {
        units.compactMap { text, places in
            guard places.count == 1, let matches = words[text], matches.count == 1 else { return nil }
            return (places[0], matches[0])
        }
    }

    private static func places(_ units: [Range<Int>], in text: String) -> [String: [Int]] {
        let bytes = Array(text.utf8)
        var places: [String: [Int]] = [:]
        for (index, unit) in units.enumerated() {
            places[String(decoding: bytes[unit], as: UTF8.self).lowercased(), default: []].append(index)
        }
        return places
    }
}
