/// The tokens of one side of a model and their ids.
///
/// Tokens are told apart by their bytes. Swift's `String` is not: to it "é" and "e" with a combining acute are equal,
/// and a vocabulary without Unicode normalisation has both. So give the entries of the file one by one; a dictionary
/// keyed by `String` has already lost one of such a pair.
package struct Vocabulary: Sendable {
    private let ids: [Token: Int]
    private let tokens: [Int: String]

    /// The file that the tokens came from, for messages.
    package let name: String

    /// - Throws: `TextError.Code.inconsistentVocabulary` for a negative id, a token or an id given twice.
    package init(
        _ entries: some Sequence<(key: String, value: Int)>, name: String = "vocab.json"
    ) throws(TextError) {
        var ids: [Token: Int] = [:]
        var tokens: [Int: String] = [:]
        for (token, id) in entries {
            if id < 0 {
                throw Self.inconsistent(name, "token \"\(token)\" has the negative id \(id)")
            }
            if let other = ids.updateValue(id, forKey: Token(token)) {
                throw Self.inconsistent(name, "token \"\(token)\" has two ids, \(other) and \(id)")
            }
            if let other = tokens.updateValue(token, forKey: id) {
                throw Self.inconsistent(name, "id \(id) belongs to two tokens, \"\(other)\" and \"\(token)\"")
            }
        }
        self.ids = ids
        self.tokens = tokens
        self.name = name
    }

    package var count: Int { ids.count }

    package func id(of token: String) -> Int? { ids[Token(token)] }

    /// Nothing for an id that no token has: a model may have more rows than its vocabulary has tokens.
    package func token(of id: Int) -> String? { tokens[id] }

    /// Checks that a token which the model's configuration names by its id is there.
    func require(_ id: Int, as role: String) throws(TextError) {
        if tokens[id] == nil {
            throw Self.inconsistent(name, "no token has the id \(id), which the configuration calls \(role)")
        }
    }

    private static func inconsistent(_ name: String, _ fault: String) -> TextError {
        TextError(.inconsistentVocabulary, "\(name): \(fault); the model's files do not belong together or are damaged")
    }
}

/// A token as a key: equal when the bytes are.
private struct Token: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: Token, right: Token) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
