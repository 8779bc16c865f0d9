internal import Foundation
internal import Inference
internal import Tensors

/// Reads a lexical shortlist: Marian's binary form (`lex.s2t.bin`), or lines of `target source probability`.
enum MarianShortlist {
    private static let magic: UInt64 = 0xF11A_48D5_0134_17F5
    /// Of both numbers, where the options name none.
    private static let countDefault = 100
    private static let bytesMax = 1 << 30

    /// A shortlist's file, and what the decoder's options say of it.
    private struct Choice {
        var name: String
        /// For text: how many frequent tokens and how many of each source token's there are, and the least probability.
        var firstCount = countDefault
        var bestCount = countDefault
        var least = 0.0
    }

    /// Reads what the decoder's options name, or else, when it is asked for, what the folder has.
    static func load(
        _ files: MarianFolder, _ source: MarianVocabulary, _ target: MarianVocabulary,
        _ configuration: ModelConfiguration, isAsked: Bool
    ) throws(ModelError) -> Shortlist? {
        var choice = try named(files)
        if choice == nil, isAsked { choice = try found(files.folder) }
        guard let choice else { return nil }
        let file = files.folder.path(choice.name), mapping = try MappedFile(model: file)
        let isShared = files.vocabularies.source == files.vocabularies.target
        let bytes = try withExtendedLifetime(mapping) { (mapping) throws(ModelError) in
            try contents(mapping.bytes, file)
        }
        let tables = try bytes.withUnsafeBufferPointer { (bytes) throws(ModelError) in
            try binary(UnsafeRawBufferPointer(bytes), file)
        }
        let lists: Lists
        if let tables {
            lists = tables
        } else {
            lists = try text(bytes, file, source, target, choice, configuration.sourceVocabularySize)
        }
        let rules = Shortlist.Rules(firstCount: lists.firstCount, includesSource: isShared)
        guard
            let shortlist = Shortlist(
                rules: rules, offsets: Block(lists.offsets), tokens: Block(lists.tokens), configuration)
        else {
            throw ModelError(
                .contradiction, file: file, "the shortlist is not one of this model's vocabularies",
                expected: "lists for \(configuration.sourceVocabularySize) tokens of tokens below "
                    + "\(configuration.targetVocabularySize)",
                found: "\(lists.offsets.count - 1) lists")
        }
        return shortlist
    }

    /// A list of the file's name and, for text, the numbers. For the binary form the second says whether to check the file,
    /// which is always done.
    private static func named(_ files: MarianFolder) throws(ModelError) -> Choice? {
        guard let options = files.options, let value = options["shortlist"] else { return nil }
        let elements: [JSONValue] = if case .array(let elements) = value { elements } else { [value] }
        guard let first = elements.first else { return nil }
        guard case .string(let path) = first, let name = path.split(separator: "/").last.map(String.init) else {
            throw options.invalid("shortlist", expected: "a file's name first", found: first.summary)
        }
        try MarianFolder.require(name, "which \(options.file) names under shortlist", files.folder)
        func count(_ index: Int) throws(ModelError) -> Int {
            switch elements.count > index ? elements[index] : .null {
            case .null, .boolean: return countDefault
            case .integer(let count) where (1...Int(Int32.max)).contains(count): return count
            case let found: throw options.invalid("shortlist", expected: "numbers above 0", found: found.summary)
            }
        }
        var choice = Choice(name: name, firstCount: try count(1), bestCount: try count(2))
        if elements.count > 3 {
            switch elements[3] {
            case .integer(let number): choice.least = Double(number)
            case .number(let number): choice.least = number
            case let found: throw options.invalid("shortlist", expected: "a probability", found: found.summary)
            }
        }
        return choice
    }

    /// The folder's own, by its name: `lex.50.50.enfr.s2t.bin`.
    private static func found(_ folder: ModelFolder) throws(ModelError) -> Choice {
        let names = folder.names.filter { $0.hasPrefix("lex.") }
        guard names.count < 2 else {
            throw ModelError(
                .contradiction, file: folder.url.path, "the folder holds several shortlists",
                found: names.joined(separator: ", "),
                remedy: "keep one, or name it under shortlist in a config.yml beside them")
        }
        guard let name = names.first else {
            throw folder.missing("lex.s2t.bin", "the shortlist that is asked for", remedy: "translate without it")
        }
        return Choice(name: name)
    }

    /// What a file holds, which may be compressed (`lex.s2t.gz`).
    private static func contents(_ bytes: UnsafeRawBufferPointer, _ file: String) throws(ModelError) -> [UInt8] {
        if Gzip.isOne(bytes) { return try Gzip.contents(bytes, byteCountMax: bytesMax, file: file) }
        guard bytes.count <= bytesMax else {
            throw ModelError(.malformedFile, file: file, "the shortlist is too large", found: "\(bytes.count) bytes")
        }
        return [UInt8](bytes)
    }

    private typealias Lists = (firstCount: Int, offsets: [Int32], tokens: [Int32])

    /// Six numbers of 64 bits (what it is, a checksum, the counts of frequent and of best tokens, the lengths of both
    /// tables), then the table of places, in 64 bits, and that of tokens, in 32.
    ///
    /// - Returns: nil when the file does not begin as one of this form.
    private static func binary(_ bytes: UnsafeRawBufferPointer, _ file: String) throws(ModelError) -> Lists? {
        guard bytes.count >= 8, UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) == magic else { return nil }
        var cursor = ByteCursor(bytes, file: file, at: 16)
        let firstCount = try cursor.integer(UInt64.self)
        _ = try cursor.integer(UInt64.self)
        let offsetCount = try cursor.integer(UInt64.self), tokenCount = try cursor.integer(UInt64.self)
        let room = UInt64(bytes.count)
        guard firstCount > 0 else { throw cursor.failure("no tokens that are always listed", at: 16) }
        guard offsetCount <= room / 8, tokenCount <= room / 4, firstCount <= UInt64(Int32.max),
            48 + 8 * offsetCount + 4 * tokenCount == room
        else {
            throw cursor.failure(
                "the file is not as long as its tables", at: 32, remedy: "the download may be incomplete")
        }
        var offsets: [Int32] = [], tokens: [Int32] = []
        for _ in 0..<offsetCount {
            let place = try cursor.integer(UInt64.self)
            guard place <= tokenCount, let offset = Int32(exactly: place) else {
                throw cursor.failure("a list begins behind the end, at \(place)", at: cursor.position - 8)
            }
            offsets.append(offset)
        }
        for _ in 0..<tokenCount {
            let token = try cursor.integer(UInt32.self)
            guard let token = Int32(exactly: token) else {
                throw cursor.failure("a token that no vocabulary has, \(token)", at: cursor.position - 4)
            }
            tokens.append(token)
        }
        guard !tokens.isEmpty, !offsets.isEmpty else { throw cursor.failure("an empty shortlist", at: 32) }
        return (Int(firstCount), offsets, tokens)
    }

    private static func text(
        _ bytes: [UInt8], _ file: String, _ source: MarianVocabulary, _ target: MarianVocabulary, _ choice: Choice,
        _ sourceSize: Int
    ) throws(ModelError) -> Lists {
        func ids(_ vocabulary: MarianVocabulary) -> [ExactString: Int] {
            Dictionary(
                vocabulary.entries.map { (ExactString($0.piece), $0.id) }, uniquingKeysWith: { first, _ in first })
        }
        let sources = ids(source), targets = ids(target)
        var lists = [[Int: Double]](repeating: [:], count: sourceSize)
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty { continue }
            let words = line.split { [0x20, 0x09, 0x0D].contains($0) }.map { String(decoding: $0, as: UTF8.self) }
            guard words.count == 3, let probability = Double(words[2]) else {
                throw ModelError(
                    .malformedFile, file: file,
                    "not a shortlist, in Marian's binary form or with \"target source probability\" in each line",
                    found: "line \(number + 1) of \(words.count) words")
            }
            if words[0] == "NULL" || words[1] == "NULL" { continue }
            // What a vocabulary does not have is its unknown token, as it is to Marian.
            let from = sources[ExactString(words[1])] ?? source.unknown
            let to = targets[ExactString(words[0])] ?? target.unknown
            lists[from][to] = max(lists[from][to] ?? 0, probability)
        }
        var offsets: [Int32] = [0], tokens: [Int32] = []
        for list in lists {
            let best = list.filter { $0.value >= choice.least }.sorted { ($1.value, $1.key) < ($0.value, $0.key) }
            tokens += best.prefix(choice.bestCount).map { Int32($0.key) }.sorted()
            offsets.append(Int32(tokens.count))
        }
        guard !tokens.isEmpty else { throw ModelError(.malformedFile, file: file, "an empty shortlist") }
        return (choice.firstCount, offsets, tokens)
    }
}
