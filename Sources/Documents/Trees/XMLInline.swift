internal import Markup

/// Which elements are codes within the text of an element, and how they are read and written.
struct XMLInline: Sendable {
    /// Elements around a stretch of text. All others are, with all that is in them, marks at one place.
    var pairs: Set<String>
    /// Elements at the beginning and the end of a stretch, which name each other by these attributes.
    var halves: [String: Half] = [:]

    struct Half: Sendable {
        var isOpening: Bool
        /// The first of these that is there.
        var names: [String]
    }

    /// XLIFF 1.2, 2.4, and XLIFF 2.1, 4.3.
    static let xliff = XMLInline(
        pairs: ["g", "pc", "mrk"],
        halves: [
            "bpt": Half(isOpening: true, names: ["rid", "id"]), "ept": Half(isOpening: false, names: ["rid", "id"]),
            "bx": Half(isOpening: true, names: ["rid", "id"]), "ex": Half(isOpening: false, names: ["rid", "id"]),
            "sc": Half(isOpening: true, names: ["id"]), "ec": Half(isOpening: false, names: ["startref", "id"]),
            "sm": Half(isOpening: true, names: ["id"]), "em": Half(isOpening: false, names: ["startref", "id"]),
        ])

    /// What an element contains, piece by piece.
    func run(of element: Int, in tree: XMLTree) -> InlineRun { run(element + 1..<tree.end(element), in: tree) }

    /// - Parameter tokens: Whole elements.
    func run(_ tokens: Range<Int>, in tree: XMLTree) -> InlineRun {
        var run = InlineRun()
        // Placeholders are words, as a rule.
        run.trimsMarks = false
        var found: [CodePairs.Tag] = []
        var texts: [(range: Range<Int>, isLiteral: Bool)] = []
        var index = tokens.lowerBound
        while index < tokens.upperBound {
            let token = tree.tokens[index]
            switch token.kind {
            case .text: texts.append((token.range, false))
            case .characterData: texts.append((token.range, true))
            case .start
            where pairs.contains(tree.name(index)) && tree.attribute("translate", of: index) != "no"
                && tree.attribute("mtype", of: index) != "protected":
                found.append(CodePairs.Tag(kind: .opening("#\(index)"), range: token.range))
            case .end: found.append(CodePairs.Tag(kind: .closing("#\(tree.partner[index] ?? -1)"), range: token.range))
            default:
                let range = tree.range(index)
                found.append(CodePairs.Tag(kind: kind(index, tree), range: range))
                index = tree.end(index)
            }
            index += 1
        }
        let codes = CodePairs(found).tags
        var next = 0
        for code in codes {
            while next < texts.count, texts[next].range.lowerBound < code.range.lowerBound {
                add(texts[next], tree, to: &run)
                next += 1
            }
            run.add(code.piece, code.range)
        }
        while next < texts.count {
            add(texts[next], tree, to: &run)
            next += 1
        }
        return run
    }

    private func add(_ text: (range: Range<Int>, isLiteral: Bool), _ tree: XMLTree, to run: inout InlineRun) {
        let written = tree.text(text.range)
        run.add(
            .text(text.isLiteral ? String(written.dropFirst(9).dropLast(3)) : XMLText.unescaped(written)), text.range)
    }

    private func kind(_ index: Int, _ tree: XMLTree) -> CodePairs.Tag.Kind {
        let name = tree.name(index)
        guard let half = halves[name], let id = half.names.lazy.compactMap({ tree.attribute($0, of: index) }).first
        else {
            return .other
        }
        return half.isOpening ? .opening(id) : .closing(id)
    }

    static func written(_ text: InlineText, _ codes: [InlineText.Piece: [UInt8]]) -> [UInt8] {
        text.pieces.reduce(into: []) { result, piece in
            if case .text(let text) = piece {
                result += XMLText.escaped(text).utf8
            } else {
                result += codes[piece] ?? []
            }
        }
    }
}
