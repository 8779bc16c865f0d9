import Tensors

/// The tokens of one side of a model and their ids.
///
/// Tokens are told apart by their bytes. Swift's `String` is not: to it "é" and "e" with a combining acute are equal,
/// and a vocabulary without Unicode normalisation has both. So give the entries of the file one by one; a dictionary
/// keyed by `String` has already lost one of such a pair.
package struct Vocabulary: Sendable {
    package let table: TokenTable

    /// The file that the tokens came from, for messages.
    package let name: String

    /// - Throws: `TextError.Code.inconsistentVocabulary` for a negative id, a token or an id given twice.
    package init(
        _ entries: some Sequence<(key: String, value: Int)>, name: String = "vocab.json"
    ) throws(TextError) {
        var sorted: [(token: String, id: Int32)] = []
        for (token, id) in entries {
            if id < 0 {
                throw Self.inconsistent(name, "token \"\(token)\" has the negative id \(id)")
            }
            guard let id = Int32(exactly: id) else {
                throw Self.inconsistent(name, "token \"\(token)\" has the id \(id), which is beyond all vocabularies")
            }
            sorted.append((token, id))
        }
        sorted.sort { $0.id < $1.id }
        for (entry, next) in zip(sorted, sorted.dropFirst()) where entry.id == next.id {
            throw Self.inconsistent(
                name, "id \(entry.id) belongs to two tokens, \"\(entry.token)\" and \"\(next.token)\"")
        }
        var fault = ""
        let table = TokenTable(sorted) { first, second in
            fault = "token \"\(sorted[first].token)\" has two ids, \(sorted[first].id) and \(sorted[second].id)"
        }
        guard let table else { throw Self.inconsistent(name, fault) }
        self.table = table
        self.name = name
    }

    package init(_ table: TokenTable, name: String) {
        self.table = table
        self.name = name
    }

    package var count: Int { table.count }

    package func id(of token: String) -> Int? { table.id(of: token) }

    /// Nothing for an id that no token has: a model may have more rows than its vocabulary has tokens.
    package func token(of id: Int) -> String? { table.token(of: id) }

    /// 0 in an empty vocabulary.
    var largestID: Int { Int(table.ids.elements.last ?? 0) }

    /// Checks that a token which the model's configuration names by its id is there.
    func require(_ id: Int, as role: String) throws(TextError) {
        if token(of: id) == nil {
            throw Self.inconsistent(name, "no token has the id \(id), which the configuration calls \(role)")
        }
    }

    private static func inconsistent(_ name: String, _ fault: String) -> TextError {
        TextError(.inconsistentVocabulary, "\(name): \(fault); the model's files do not belong together or are damaged")
    }
}
