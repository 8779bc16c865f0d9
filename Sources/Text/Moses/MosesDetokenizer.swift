/// Text of words as Moses joins them: sacremoses' `MosesDetokenizer.tokenize`.
struct MosesDetokenizer: Sendable {
    let language: String

    func text(of words: [String]) -> String {
        var joined = [Unicode.Scalar](scalars: " \(words.joined(separator: " ")) ").replacing(" @-@ ", "-")
        for (old, new) in [
            ("&bar;", "|"), ("&#124;", "|"), ("&lt;", "<"), ("&gt;", ">"), ("&bra;", "["), ("&ket;", "]"),
            ("&quot;", "\""), ("&apos;", "'"), ("&#91;", "["), ("&#93;", "]"), ("&amp;", "&"),
        ] {
            joined = joined.replacing(old, new)
        }
        let words = joined.pythonWords()
        var text: [Unicode.Scalar] = []
        var quotes: [[Unicode.Scalar]: Int] = [:]
        var space: [Unicode.Scalar] = [" "]
        for (index, word) in words.enumerated() {
            guard let first = word.first else { continue }
            /// Whether the word follows what stands before it without a space, and is followed by one without.
            func add(joinsLeft: Bool, joinsRight: Bool) {
                if !joinsLeft { text += space }
                text += word
                space = joinsRight ? [] : [" "]
            }
            if MosesCharacters.unspaced.contains(first) {
                let last = index > 0 ? words[index - 1].last : nil
                add(joinsLeft: last.map(MosesCharacters.unspaced.contains) == true, joinsRight: false)
            } else if word.allSatisfy(Self.opens) {
                add(joinsLeft: false, joinsRight: true)
            } else if word.allSatisfy(Self.closes) {
                add(joinsLeft: true, joinsRight: false)
            } else if language == "en", index > 0, Self.isContraction(word) {
                add(joinsLeft: true, joinsRight: false)
            } else if word.allSatisfy(Self.quotes) {
                let kind = word.allSatisfy { $0 == "„" || $0 == "“" } ? ["\""] : Array(word)
                let isOpening = quotes[kind, default: 0] % 2 == 0
                if isOpening, language == "en", word.elementsEqual(["'"]), index > 0, words[index - 1].last == "s" {
                    // "the Joneses' house"
                    add(joinsLeft: true, joinsRight: false)
                    continue
                }
                add(joinsLeft: !isOpening, joinsRight: isOpening)
                quotes[kind, default: 0] += 1
            } else {
                add(joinsLeft: false, joinsRight: false)
            }
        }
        return text.collapsingSpaces().strippingPythonSpace().string
    }

    private static func opens(_ scalar: Unicode.Scalar) -> Bool {
        MosesCharacters.currencies.contains(scalar) || "([{¿¡".unicodeScalars.contains(scalar)
    }

    private static func closes(_ scalar: Unicode.Scalar) -> Bool { ",.?!:;\\%}])".unicodeScalars.contains(scalar) }

    private static func quotes(_ scalar: Unicode.Scalar) -> Bool { "'\"„“`".unicodeScalars.contains(scalar) }

    private static func isContraction(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        guard word.first == "'", let second = word.dropFirst().first else { return false }
        return MosesCharacters.letters.contains(second)
    }
}
