internal import Foundation
internal import Inference
internal import Tensors

/// The tokens of a CTranslate2 model, in the order of their ids: `shared_vocabulary`, or `source_vocabulary` and
/// `target_vocabulary`, each as `.json` or as `.txt` with a token a line (`src/vocabulary.cc`).
struct CTranslate2Vocabulary {
    /// One side's tokens.
    struct Side {
        /// The file's path, for errors.
        var file: String
        var entries: [ModelBundle.VocabularyEntry]
        /// By token; of a token that is there twice, the first.
        var ids: [ExactString: Int]
    }

    let source: Side
    let target: Side
    /// Whether both sides are one file.
    var isShared: Bool { source.file == target.file }

    init(
        _ folder: ModelFolder, _ settings: CTranslate2Settings, sourceSize: Int, targetSize: Int
    ) throws(ModelError) {
        if let name = Self.name("shared_vocabulary", in: folder) {
            let side = try Self.read(name, folder, settings, size: min(sourceSize, targetSize))
            (source, target) = (side, side)
            return
        }
        guard let targetName = Self.name("target_vocabulary", in: folder) else {
            throw folder.missing("target_vocabulary.json", "the model's tokens (target_vocabulary.txt would do too)")
        }
        guard let sourceName = Self.name("source_vocabulary", in: folder) else {
            if Self.name("source_1_vocabulary", in: folder) != nil {
                throw ModelError(
                    .unsupported, file: folder.url.path,
                    "the model reads features of words beside the words, which is not supported")
            }
            throw folder.missing("source_vocabulary.json", "the model's tokens (source_vocabulary.txt would do too)")
        }
        source = try Self.read(sourceName, folder, settings, size: sourceSize)
        target = try Self.read(targetName, folder, settings, size: targetSize)
    }

    private static func name(_ stem: String, in folder: ModelFolder) -> String? {
        ["\(stem).json", "\(stem).txt"].first { folder.contains($0) }
    }

    private static func read(
        _ name: String, _ folder: ModelFolder, _ settings: CTranslate2Settings, size: Int
    ) throws(ModelError) -> Side {
        let file = folder.path(name)
        let bytes = try folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax)
        let tokens = name.hasSuffix(".json") ? try list(bytes, file) : try lines(bytes, file)
        var side = Side(file: file, entries: [], ids: [:])
        side.entries.reserveCapacity(tokens.count)
        // A token that a converter wrote twice is known by its first id; its other rows are never asked for by name.
        for (id, token) in tokens.enumerated() where side.ids.updateValue(id, forKey: ExactString(token)) == nil {
            side.entries.append(.init(piece: token, id: id))
        }
        if side.entries.count < tokens.count {
            side.ids = Dictionary(
                side.entries.map { (ExactString($0.piece), $0.id) }, uniquingKeysWith: { first, _ in first })
        }
        var count = tokens.count
        if side.ids[ExactString(settings.unknown)] == nil {
            // CTranslate2 appends it, and it is a row of the tables.
            side.entries.append(.init(piece: settings.unknown, id: count))
            side.ids[ExactString(settings.unknown)] = count
            count += 1
        }
        guard count <= size else {
            throw ModelError(
                .contradiction, file: file, "it has more tokens than the model has rows", expected: "at most \(size)",
                found: "\(count)")
        }
        return side
    }

    private static func list(_ bytes: [UInt8], _ file: String) throws(ModelError) -> [String] {
        var scanner = JSONScanner(bytes, file: file)
        var tokens: [String] = []
        try scanner.array { (scanner) throws(ModelError) in tokens.append(try scanner.string()) }
        try scanner.end()
        return tokens
    }

    /// A carriage return belongs to a token unless every line ends with one.
    private static func lines(_ bytes: [UInt8], _ file: String) throws(ModelError) -> [String] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        let isWindows = !lines.isEmpty && lines.allSatisfy { $0.last == 0x0D }
        var tokens: [String] = []
        tokens.reserveCapacity(lines.count)
        for line in lines {
            guard let token = String(validating: isWindows ? line.dropLast() : line, as: UTF8.self) else {
                throw ModelError(.malformedFile, file: file, "line \(tokens.count + 1) is not valid UTF-8")
            }
            tokens.append(token)
        }
        return tokens
    }
}

extension CTranslate2Vocabulary {
    /// The ids of the tokens with a meaning of their own.
    func specials(_ settings: CTranslate2Settings) throws(ModelError) -> ModelConfiguration.SpecialTokens {
        let end = try id(of: settings.end, in: target, as: "eos_token")
        let unknown = try id(of: settings.unknown, in: source, as: "unk_token")
        let targetUnknown = try id(of: settings.unknown, in: target, as: "unk_token")
        // The converters' names for what fills batches up; it is never shown.
        let padding = ["<pad>", "<blank>"].compactMap { target.ids[ExactString($0)] }.first ?? end
        return ModelConfiguration.SpecialTokens(
            endOfSentence: end, unknown: unknown, padding: padding,
            targetUnknown: targetUnknown == unknown ? nil : targetUnknown)
    }

    /// What surrounds a source, and what the decoder starts with.
    ///
    /// - Parameter namesLanguages: Whether tokens name languages, which callers give with the others: what surrounds a
    ///   source depends on them.
    func framing(_ settings: CTranslate2Settings, namesLanguages: Bool) throws(ModelError) -> Framing {
        func slot(_ token: String, _ role: String, isPresent: Bool) throws(ModelError) -> [Framing.Slot] {
            isPresent ? [.token(try id(of: token, in: source, as: role))] : []
        }
        // Converters of the hub's models leave the end to the hub's tokenizer, and their decoders start with another token
        // than a begin of the sentence; those of OpenNMT have no such end.
        let isOfHub = settings.decoderStart != settings.begin || settings.begin == "<pad>"
        return Framing(
            sourcePrefix: try slot(settings.begin, "bos_token", isPresent: settings.beginsSource),
            sourceSuffix: try slot(
                settings.end, "eos_token", isPresent: settings.endsSource || isOfHub && !namesLanguages),
            decoderStart: try decoderStart(settings, namesLanguages))
    }

    private func decoderStart(
        _ settings: CTranslate2Settings, _ namesLanguages: Bool
    ) throws(ModelError) -> Framing.Slot {
        if let start = settings.decoderStart { return .token(try id(of: start, in: target, as: "decoder_start_token")) }
        guard namesLanguages else {
            throw ModelError(
                .unsupported, file: target.file,
                "the decoder starts with the token of the target's language, and no tokens name languages",
                remedy: "convert the model again, with decoder_start_token in config.json")
        }
        return .targetLanguage
    }

    private func id(of token: String, in side: Side, as role: String) throws(ModelError) -> Int {
        guard let id = side.ids[ExactString(token)] else {
            throw ModelError(
                .contradiction, file: side.file, "\(role), \(ModelError.quoted(token)), is not among its tokens")
        }
        return id
    }

    /// SentencePiece models that people put beside a model, or converters copy (`--copy_files`): of both sides, or of one
    /// for both.
    private static let pieces: [(source: String, target: String)] =
        [("source.spm", "target.spm")]
        + ["sentencepiece.model", "sentencepiece.bpe.model", "spiece.model", "spm.model"].map { ($0, $0) }

    /// - Parameter others: Other folders where the SentencePiece models may lie.
    func files(in folder: ModelFolder, or others: [ModelFolder] = []) throws(ModelError) -> ModelBundle.TokenizerFiles {
        var files = ModelBundle.TokenizerFiles(
            sourcePieces: nil, targetPieces: nil, sourceVocabulary: source.entries, targetVocabulary: target.entries)
        for folder in [folder] + others {
            guard let names = Self.pieces.first(where: { folder.contains($0.source) || folder.contains($0.target) })
            else { continue }
            for name in [names.source, names.target] {
                guard folder.contains(name) else {
                    throw folder.missing(
                        name, "which goes with \(name == names.source ? names.target : names.source)",
                        remedy: "a tokenizer needs both; without either the model takes tokens only")
                }
                _ = try MappedFile(model: folder.path(name))
            }
            files.sourcePieces = folder.file(names.source)
            files.targetPieces = folder.file(names.target)
            return files
        }
        return files
    }
}
