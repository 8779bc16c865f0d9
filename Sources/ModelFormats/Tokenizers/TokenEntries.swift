internal import Tensors
internal import Text

/// The tokens of a tokenizer while it is read, and their ids.
struct TokenEntries {
    /// No token that text is searched for is longer, in bytes: search takes a token's length at each place.
    static let tokenBytesMax = 1024
    static let countMax = 1 << 22

    let file: String
    private var entries: [(token: String, id: Int32)] = []
    private var ids: [ExactString: Int] = [:]
    private var taken: Set<Int> = []

    init(file: String) { self.file = file }

    var count: Int { entries.count }
    /// The id after the largest.
    private(set) var end = 0

    func id(of token: String) -> Int? { ids[ExactString(token)] }

    /// Adds a token. When it is there already, it is found by its last id, and its former ids keep its text.
    mutating func add(_ token: String, id: Int) throws(ModelError) {
        guard (0..<Self.countMax).contains(id), entries.count < Self.countMax else {
            throw ModelError(
                .invalidValue, file: file, "the id of \(ModelError.quoted(token)) is outside all vocabularies",
                expected: "0 to \(Self.countMax - 1)", found: "\(id)")
        }
        guard token.utf8.count <= Self.tokenBytesMax else {
            throw ModelError(
                .unsupported, file: file, "the token \(ModelError.quoted(token.prefix(40))) is too long",
                expected: "at most \(Self.tokenBytesMax) bytes", found: "\(token.utf8.count)")
        }
        guard taken.insert(id).inserted else {
            throw ModelError(
                .invalidValue, file: file, "the id \(id) belongs to two tokens",
                found: "one of them \(ModelError.quoted(token))")
        }
        entries.append((token, Int32(id)))
        ids[ExactString(token)] = id
        end = max(end, id + 1)
    }

    /// The id of a token, which gets the next one when it has none.
    mutating func require(_ token: String) throws(ModelError) -> Int {
        if let id = id(of: token) { return id }
        let id = end
        try add(token, id: id)
        return id
    }

    /// - Parameter size: The model's rows. Tokens beyond them are left out: nothing could be looked up for them.
    func table(size: Int) -> TokenTable {
        TokenTable(repeating: entries.filter { $0.id < size }.sorted { $0.id < $1.id })
    }
}
