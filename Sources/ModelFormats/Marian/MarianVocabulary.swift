/// A vocabulary as Marian is given it: a SentencePiece model, or a list of tokens with their ids in YAML or JSON.
struct MarianVocabulary {
    let entries: [ModelBundle.VocabularyEntry]
    let end: Int
    let unknown: Int
    /// Whether it cuts text into its tokens itself.
    let hasPieces: Bool

    static func isOne(_ name: String) -> Bool { name.hasSuffix(".spm") || isList(name) }

    static func isList(_ name: String) -> Bool {
        ["yml", "yaml", "json"].contains { name.hasSuffix("vocab.\($0)") || name.hasSuffix("vocabulary.\($0)") }
    }

    /// - Parameter size: The rows of the model's table.
    init(_ folder: ModelFolder, _ name: String, size: Int) throws(ModelError) {
        let file = folder.path(name)
        guard folder.contains(name) else {
            throw folder.missing(name, "a vocabulary of the model", remedy: "it belongs to the model's other files")
        }
        if name.hasSuffix(".spm") {
            // A piece's id is its place.
            let pieces = try SentencePieceFile(
                folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax), file: file
            ).pieces
            entries = pieces.enumerated().map { .init(piece: $1.text, id: $0) }
            let isControl = { (piece: SentencePieceFile.Piece) in piece.kind == SentencePieceFile.Kind.control }
            end = try Self.special("</s>", pieces.firstIndex { isControl($0) && $0.text == "</s>" }, file)
            unknown = try Self.special(
                "<unk>", pieces.firstIndex { $0.kind == SentencePieceFile.Kind.unknown }, file)
            hasPieces = true
        } else if name.hasSuffix(".fsv") {
            throw ModelError(.unsupported, file: file, "vocabularies with factors are not supported")
        } else {
            let bytes = try folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax)
            let entries = try Self.list(bytes, file: file)
            self.entries = entries
            end = try Self.special("</s>", Self.id(of: "</s>", in: entries), file)
            unknown = try Self.special("<unk>", Self.id(of: "<unk>", in: entries), file)
            hasPieces = false
        }
        guard let last = entries.last, last.id < size, entries[0].id >= 0 else {
            throw ModelError(
                .contradiction, file: file, "it has ids that the model's table has no rows for",
                expected: "ids from 0 to \(size - 1) (dim-vocabs)",
                found: entries.isEmpty ? "none" : "\(entries[0].id) to \(entries[entries.count - 1].id)")
        }
        for (entry, next) in zip(entries, entries.dropFirst()) where entry.id == next.id {
            throw ModelError(
                .invalidValue, file: file,
                "\(ModelError.quoted(entry.piece)) and \(ModelError.quoted(next.piece)) share the id \(entry.id)")
        }
    }

    private static func special(_ piece: String, _ id: Int?, _ file: String) throws(ModelError) -> Int {
        guard let id else {
            throw ModelError(.unsupported, file: file, "the vocabulary has no \(piece), which Marian needs")
        }
        return id
    }

    private static func id(of piece: String, in entries: [ModelBundle.VocabularyEntry]) -> Int? {
        entries.first { $0.piece.utf8.elementsEqual(piece.utf8) }?.id
    }

    /// Reads `token: id` a line, or a JSON object, and sorts by id.
    private static func list(_ bytes: [UInt8], file: String) throws(ModelError) -> [ModelBundle.VocabularyEntry] {
        var entries: [ModelBundle.VocabularyEntry] = []
        if bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            var scanner = JSONScanner(bytes, file: file)
            try scanner.object { (piece, scanner) throws(ModelError) in
                entries.append(.init(piece: piece, id: try scanner.integer()))
            }
            try scanner.end()
        } else {
            try FlatYAML.eachLine(of: bytes, file: file) { (text, line) throws(ModelError) in
                guard let entry = entry(text) else {
                    throw ModelError(.malformedFile, file: file, "line \(line): not \"token: id\"")
                }
                entries.append(entry)
            }
        }
        return entries.sorted { $0.id < $1.id }
    }

    /// A token without quotes may hold colons: the last one ends it.
    private static func entry(_ text: Substring) -> ModelBundle.VocabularyEntry? {
        let bytes = text.utf8
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
            let id = Int(Substring(bytes[bytes.index(after: colon)...]).drop { $0 == " " })
        else { return nil }
        let token = text[..<colon]
        guard let first = token.utf8.first else { return nil }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            guard let (piece, rest) = YAMLQuotes.read(token), rest.allSatisfy({ $0 == " " }) else { return nil }
            return .init(piece: piece, id: id)
        }
        return .init(piece: String(token), id: id)
    }
}
