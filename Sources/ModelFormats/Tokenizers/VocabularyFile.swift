/// Files of tokens that are read whole.
enum VocabularyFile {
    /// A JSON object of tokens and their ids, in the order of the file.
    static func read(_ name: String, _ folder: ModelFolder) throws(ModelError) -> [(token: String, id: Int)] {
        guard folder.contains(name) else {
            throw folder.missing(
                name, "the ids of the model's tokens", remedy: "fetch it from where the others are from")
        }
        let bytes = try folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax)
        var scanner = JSONScanner(bytes, file: folder.path(name))
        let entries = try entries(&scanner)
        try scanner.end()
        return entries
    }

    static func entries(_ scanner: inout JSONScanner) throws(ModelError) -> [(token: String, id: Int)] {
        var entries: [(token: String, id: Int)] = []
        try scanner.object { (token, scanner) throws(ModelError) in
            entries.append((token, try scanner.integer()))
        }
        return entries
    }

    /// The bytes of a SentencePiece model.
    static func pieces(_ name: String, _ folder: ModelFolder) throws(ModelError) -> [UInt8] {
        guard folder.contains(name) else {
            throw folder.missing(
                name, "the pieces that text is cut into", remedy: "fetch it from where the others are from")
        }
        return try folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax)
    }

    /// The lines of `merges.txt`: pairs of tokens.
    ///
    /// - Parameters:
    ///   - skipsFirst: Whether the first line is the version, whatever it says.
    ///   - hasCounts: Whether more may follow the pair. Such files are read so that what follows the last line break is
    ///     not of them.
    static func merges(
        _ name: String, _ folder: ModelFolder, skipsFirst: Bool = false, hasCounts: Bool = false
    ) throws(ModelError) -> [(left: String, right: String)] {
        guard folder.contains(name) else {
            throw folder.missing(
                name, "which tokens are joined", remedy: "tokenizer.json would do as well; fetch either")
        }
        let bytes = try folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ModelError(.malformedFile, file: folder.path(name), "it is not UTF-8")
        }
        var merges: [(left: String, right: String)] = []
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (number, line) in (hasCounts ? lines.dropLast() : lines[...]).enumerated() {
            let line = line.last == 0x0D ? line.dropLast() : line
            if line.isEmpty || (number == 0 && (skipsFirst || line.starts(with: "#version".utf8))) { continue }
            let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
            guard parts.count == 2 || (hasCounts && parts.count > 2) else {
                throw ModelError(
                    .malformedFile, file: folder.path(name), "line \(number + 1) is not two tokens with a space between"
                )
            }
            merges.append((String(Substring(parts[0])), String(Substring(parts[1]))))
        }
        return merges
    }
}
