/// A translation on the lines of its cue.
enum CueWrapping {
    enum Piece {
        case text(String)
        case code(InlineText.Piece)
        case lineEnd
    }

    private enum Element {
        case character(Character)
        case code(InlineText.Piece)
    }

    /// Breaks a text between words into as many lines as the source had, if words allow, and in the same proportions.
    ///
    /// - Parameter lengths: Of the source's lines, in characters.
    static func wrapped(_ text: InlineText, lengths: [Int]) -> [Piece] {
        let elements = text.pieces.flatMap { piece -> [Element] in
            if case .text(let text) = piece { text.map(Element.character) } else { [.code(piece)] }
        }
        let breaks = breaks(elements, lengths)
        var pieces: [Piece] = []
        for (index, element) in elements.enumerated() {
            let breaksHere = breaks.contains(index)
            if breaksHere { pieces.append(.lineEnd) }
            switch element {
            case .code(let code): pieces.append(.code(code))
            case .character(let character) where breaksHere && character == " ": break
            case .character(let character):
                if case .text(let text)? = pieces.last {
                    pieces[pieces.count - 1] = .text(text + String(character))
                } else {
                    pieces.append(.text(String(character)))
                }
            }
        }
        return pieces
    }

    /// At which characters lines are broken.
    private static func breaks(_ elements: [Element], _ lengths: [Int]) -> Set<Int> {
        let sourceTotal = max(1, lengths.reduce(0, +))
        var places: [(index: Int, position: Int)] = []
        var last: Character?
        var position = 0
        for (index, element) in elements.enumerated() {
            guard case .character(let character) = element else { continue }
            if let last, canBreak(last, character) { places.append((index, position)) }
            last = character
            position += 1
        }
        if places.last?.position == position - 1, last == " " { places.removeLast() }
        var breaks: Set<Int> = []
        var sum = 0
        var next = 0
        for length in lengths.dropLast() {
            sum += length
            let target = position * sum / sourceTotal
            // The nearest; they are in order.
            while next + 1 < places.count,
                abs(places[next + 1].position - target) < abs(places[next].position - target)
            { next += 1 }
            guard next < places.count else { break }
            breaks.insert(places[next].index)
            next += 1
        }
        return breaks
    }

    private static func canBreak(_ last: Character, _ next: Character) -> Bool {
        if next == " " { return true }
        return last.unicodeScalars.last?.isUnspaced == true && next.unicodeScalars.first?.isUnspaced == true
            && next.isLetter
    }
}
