internal import Foundation
internal import Inference
internal import Tensors

extension HuggingFaceMarian {
    /// The tokenizer's files, as `MarianTokenizer` reads them (`models/marian/tokenization_marian.py`).
    struct Vocabulary {
        let source: [ModelBundle.VocabularyEntry]
        let target: [ModelBundle.VocabularyEntry]
        let unknown: Int

        /// - Parameter tokenizer: `tokenizer_config.json`, if there is one.
        init(
            _ folder: ModelFolder, _ tokenizer: Settings?, _ configuration: ModelConfiguration
        ) throws(ModelError) {
            // Without tokenizer_config.json the second file speaks for itself.
            let isSeparate = try tokenizer?.boolean("separate_vocabs") ?? folder.contains("target_vocab.json")
            let endPiece = try Self.piece("eos_token", tokenizer) ?? "</s>"
            let unknownPiece = try Self.piece("unk_token", tokenizer) ?? "<unk>"
            let end = configuration.specials.endOfSentence

            // With one vocabulary a piece must have a row on both sides.
            let sourceSize = configuration.sourceVocabularySize
            let targetSize = configuration.targetVocabularySize
            source = try Self.entries(
                folder, "vocab.json", size: isSeparate ? sourceSize : min(sourceSize, targetSize))
            guard let unknown = Self.id(of: unknownPiece, in: source) else {
                throw ModelError(
                    .contradiction, file: folder.path("vocab.json"),
                    "the unknown token \(ModelError.quoted(unknownPiece)) is not in it")
            }
            self.unknown = unknown
            // The tokenizer ends the source with its own end token, generation the target with `eos_token_id`.
            try Self.check(endPiece, is: end, in: source, folder.path("vocab.json"), isRequired: true)
            if isSeparate {
                target = try Self.entries(folder, "target_vocab.json", size: targetSize)
                // One id for both sides is all that `ModelConfiguration` has room for.
                let file = folder.path("target_vocab.json")
                try Self.check(endPiece, is: end, in: target, file, isRequired: false)
                try Self.check(unknownPiece, is: unknown, in: target, file, isRequired: false)
            } else {
                target = source
            }
        }

        /// What a text may begin with to name its target, `>>fra<<`: pieces of the source's vocabulary.
        static let marker = ModelLanguages.Marker(open: ">>", close: "<<")

        /// The languages that pieces name, in the order of their ids.
        static func targets(in entries: [ModelBundle.VocabularyEntry]) -> [ModelLanguage] {
            entries.compactMap { entry in
                guard entry.piece.hasPrefix(Self.marker.open), entry.piece.hasSuffix(Self.marker.close) else {
                    return nil
                }
                let code = entry.piece.dropFirst(2).dropLast(2)
                return code.isEmpty ? nil : ModelLanguage(code: String(code), token: entry.id)
            }
        }

        /// Has each source begin with the language to write, where pieces of its vocabulary name some.
        static func nameTargets(
            in entries: [ModelBundle.VocabularyEntry], _ languages: inout ModelLanguages,
            _ configuration: inout ModelConfiguration
        ) {
            let targets = targets(in: entries)
            if targets.isEmpty { return }
            (languages.target, languages.marker) = (targets, marker)
            configuration.framing.sourcePrefix = [.targetLanguage]
        }

        /// - Throws: when the folder has one of the two SentencePiece models, but not both.
        func files(in folder: ModelFolder) throws(ModelError) -> ModelBundle.TokenizerFiles {
            let names = ["source.spm", "target.spm"]
            let present = names.filter { folder.contains($0) }
            guard present.count != 1 else {
                throw folder.missing(
                    names.first { $0 != present[0] } ?? "", "which goes with \(present[0])",
                    remedy: "a tokenizer needs both; without either the model takes tokens only")
            }
            for name in present { _ = try MappedFile(model: folder.path(name)) }
            return ModelBundle.TokenizerFiles(
                sourcePieces: present.isEmpty ? nil : folder.file(names[0]),
                targetPieces: present.isEmpty ? nil : folder.file(names[1]),
                sourceVocabulary: source, targetVocabulary: target)
        }

        /// Returns a file's pieces in the order of their ids.
        static func entries(
            _ folder: ModelFolder, _ name: String, size: Int
        ) throws(ModelError) -> [ModelBundle.VocabularyEntry] {
            guard folder.contains(name) else {
                throw folder.missing(
                    name, "the ids of the model's tokens",
                    remedy: "take it from where the other files are from; it is made with the model, not from them")
            }
            let file = folder.path(name)
            var scanner = JSONScanner(try folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax), file: file)
            var entries: [ModelBundle.VocabularyEntry] = []
            try scanner.object { (piece, scanner) throws(ModelError) in
                let id = try scanner.integer()
                guard (0..<size).contains(id) else {
                    throw ModelError(
                        .invalidValue, file: file,
                        "the id of \(ModelError.quoted(piece)) is outside the model's vocabulary",
                        expected: "0 to \(size - 1)", found: "\(id)")
                }
                entries.append(.init(piece: piece, id: id))
            }
            try scanner.end()
            entries.sort { $0.id < $1.id }
            for (entry, next) in zip(entries, entries.dropFirst()) where entry.id == next.id {
                throw ModelError(
                    .invalidValue, file: file,
                    "\(ModelError.quoted(entry.piece)) and \(ModelError.quoted(next.piece)) share the id \(entry.id)")
            }
            return entries
        }

        private static func check(
            _ piece: String, is id: Int, in entries: [ModelBundle.VocabularyEntry], _ file: String, isRequired: Bool
        ) throws(ModelError) {
            let found = Self.id(of: piece, in: entries)
            if found == id || (found == nil && !isRequired) { return }
            throw ModelError(
                .contradiction, file: file, "the id of \(ModelError.quoted(piece)) is not the configuration's",
                expected: "\(id)", found: found.map { "\($0)" } ?? "no such piece")
        }

        private static func id(of piece: String, in entries: [ModelBundle.VocabularyEntry]) -> Int? {
            entries.first { $0.piece.utf8.elementsEqual(piece.utf8) }?.id
        }

        /// A special token: its text, or an object that holds it under `content` (`AddedToken`).
        private static func piece(_ key: String, _ tokenizer: Settings?) throws(ModelError) -> String? {
            switch tokenizer?[key] {
            case nil: return nil
            case .string(let text): return text
            case .object(let members):
                if case .string(let text) = members["content"] { return text }
            default: break
            }
            throw ModelError(
                .invalidValue, file: tokenizer?.file ?? "", "\(key) has a value that it cannot have",
                expected: "a piece, or an object that holds one as content")
        }
    }
}
