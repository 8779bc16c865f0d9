import Inference
import Synchronization
import Text
import Translations

/// Which target tokens are short words by themselves, as articles are; asked of the tokenizer once for each.
final class ShortWords: Sendable {
    private let tokenizer: Tokenizer
    private let known = Mutex<[Int32: Bool]>([:])
    private let word = Mutex<(tokens: [Int], text: String)?>(nil)

    /// In letters. A single one is mostly what an elision has left.
    static let lengths = 2...5

    init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    func contains(_ token: Int32) -> Bool {
        if let known = known.withLock({ $0[token] }) { return known }
        let answer = find(token)
        known.withLock { $0[token] = answer }
        return answer
    }

    private func find(_ token: Int32) -> Bool {
        guard let word = example(), let text = try? tokenizer.decode(word.tokens + [Int(token)]),
            text.utf8.starts(with: word.text.utf8)
        else { return false }
        let rest = Substring(text.utf8.dropFirst(word.text.utf8.count)).unicodeScalars
        guard rest.first == " " else { return false }
        let letters = rest.dropFirst()
        return Self.lengths.contains(letters.count)
            && letters.allSatisfy {
                $0.isOfSpacedWord && $0.properties.isAlphabetic && !$0.properties.isUppercase
            }
    }

    /// A word that the tokenizer can write.
    private func example() -> (tokens: [Int], text: String)? {
        if let word = word.withLock({ $0 }) { return word }
        for text in ["a", "1", "\u{430}", "\u{3B1}", "\u{627}", "\u{AC00}"] {
            guard let tokens = try? tokenizer.encodeTarget(text), !tokens.isEmpty,
                let shown = try? tokenizer.decode(tokens), shown.hasSuffix(text)
            else { continue }
            word.withLock { $0 = (tokens, shown) }
            return (tokens, shown)
        }
        return nil
    }
}
