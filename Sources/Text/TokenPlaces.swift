/// Where in a text its tokens are.
///
/// Tokenizers change a text before they cut it (NFKC, white space, case), and do not all say what became of a character. So
/// tokens are found in what they show, and that is held against the text word by word.
enum TokenPlaces {
    /// - Parameters:
    ///   - ends: where each token ends in what all of them show, in bytes.
    ///   - shown: what they show.
    static func places(_ ends: [Int], in shown: String, of text: Substring) -> [Range<Int>] {
        let map = WordMap(shown[...], text)
        var begin = 0
        return ends.map { end in
            let end = max(begin, map.place(end))
            defer { begin = end }
            return begin..<end
        }
    }

    /// Where each token ends in a text, in bytes, by what the first of them show together.
    /// - Parameter shown: what the first so many tokens show.
    static func ends(_ count: Int, of text: String, shown: (Int) throws(TextError) -> String) throws(TextError) -> [Int]
    {
        var ends: [Int] = []
        for number in 0..<count {
            // The last shows what is left.
            let common =
                number + 1 == count
                ? text.utf8.count : zip(text.utf8, try shown(number + 1).utf8).prefix { $0 == $1 }.count
            ends.append(max(ends.last ?? 0, common))
        }
        return ends
    }
}

/// Places of one text in another that has the same words, nearly.
private struct WordMap {
    private let from: [Range<Int>]
    private let to: [Range<Int>]
    private let isSame: Bool
    private let scale: Double

    init(_ from: Substring, _ to: Substring) {
        isSame = from.utf8.elementsEqual(to.utf8)
        self.from = isSame ? [] : Self.words(of: from)
        self.to = isSame ? [] : Self.words(of: to)
        scale = Double(to.utf8.count) / Double(max(1, from.utf8.count))
    }

    func place(_ place: Int) -> Int {
        if isSame { return place }
        // Other words: all that is known is about how far it is.
        guard from.count == to.count else { return Int((Double(place) * scale).rounded()) }
        guard let word = from.lastIndex(where: { $0.lowerBound < place }) else { return 0 }
        let (source, target) = (from[word], to[word])
        if place >= source.upperBound { return target.upperBound }
        let share = Double(place - source.lowerBound) / Double(source.count)
        return target.lowerBound + Int((share * Double(target.count)).rounded())
    }

    private static func words(of text: Substring) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var place = 0
        var isInWord = false
        for scalar in text.unicodeScalars {
            let end = place + UTF8.width(scalar)
            if scalar.isSpace {
                isInWord = false
            } else {
                words.append(isInWord ? words.removeLast().lowerBound..<end : place..<end)
                isInWord = true
            }
            place = end
        }
        return words
    }
}
