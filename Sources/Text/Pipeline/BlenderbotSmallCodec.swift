/// BlenderbotSmall: words in lower case with spaces around punctuation, cut by pairs
/// (transformers' `models/blenderbot_small/tokenization_blenderbot_small.py`).
struct BlenderbotSmallCodec: TokenCodec {
    private static let newLine = "__newln__"

    private let pairs: WordPairs?
    private let table: TokenTable
    private let specials: Set<Int>
    private let unknown: Int

    init(_ recipe: TokenizerRecipe, unknown: Int) {
        pairs = WordPairs(recipe)
        table = recipe.source
        specials = Set(recipe.plan.specials)
        self.unknown = unknown
    }

    func encode(_ text: Substring, _ body: (_ id: Int, _ piece: () -> String) -> Void) {
        var word = String.UnicodeScalarView()
        func finish(withBreak: Bool) {
            if !word.isEmpty { encode(String(word), endsLine: withBreak, body) }
            word = String.UnicodeScalarView()
        }
        // A line break belongs to the word before it.
        for scalar in text.unicodeScalars {
            if scalar.isPythonSpace { finish(withBreak: scalar == "\n") } else { word.append(scalar) }
        }
        finish(withBreak: false)
    }

    private func encode(_ word: String, endsLine: Bool, _ body: (_ id: Int, _ piece: () -> String) -> Void) {
        var spaced = String.UnicodeScalarView()
        var endsWithSpace = false
        for scalar in word.unicodeScalars {
            switch scalar {
            case ".", ",", "!", "?", "(", ")":
                spaced.append(" ")
                spaced.append(scalar)
                endsWithSpace = false
            case "'":
                spaced.append(contentsOf: " ' ".unicodeScalars)
                endsWithSpace = true
            default:
                spaced.append(scalar)
                endsWithSpace = false
            }
        }
        // Two spaces become one, and with the first of them a line break does, too.
        if endsLine, !endsWithSpace { spaced.append(contentsOf: " \(Self.newLine)".unicodeScalars) }
        for part in spaced.split(separator: " ") {
            let lower = String(String.UnicodeScalarView(part)).pythonLowercased
            let pieces = pairs?.pieces(of: Array(lower.utf8)) ?? []
            for (index, piece) in pieces.enumerated() {
                var token = String(decoding: piece, as: UTF8.self)
                if index < pieces.count - 1 { token += "@@" }
                let id = table.id(of: token).flatMap { specials.contains($0) ? nil : $0 }
                body(id ?? unknown) { token }
            }
        }
    }

    func decode(_ ids: [Int]) -> String {
        let tokens = ids.filter { !specials.contains($0) }.compactMap { table.token(of: $0) }
        let text = Array(tokens.joined(separator: " ").utf8).replacing(Array("@@ ".utf8), with: [])
        return String(String(decoding: text, as: UTF8.self)[...].trimmed(\.isPythonSpace))
    }
}
