package import Foundation
package import Inference
package import Text

/// Everything that a folder says about a model: what it is, how it is searched, its weights and its tokenizer's files.
package struct ModelBundle: Sendable {
    package var configuration: ModelConfiguration
    package var defaults: GenerationDefaults
    package var weights: any TensorSource
    /// What the weights are packed for already; nil when they are packed as they are loaded, for either precision.
    package var packedPrecision: Precision?
    /// The number format the weights are stored in, for people: `float16`; the one with most elements first when several.
    package var storedPrecision: String
    /// The path of the weights' file.
    package var file: String
    /// The size of the weights' file, in bytes.
    package var storedBytes: Int
    /// The number of weights that the model computes with, each counted once, tied or not.
    package var parameterCount: Int
    package var tokenizer: TokenizerParts
    package var languages: ModelLanguages
    /// Which target tokens a sentence may become, where the folder asks for such lists.
    package var shortlist: Shortlist?

    /// Where the files lie that are not read yet, when they came out of an archive; they go with this object.
    package var unpacked: UnpackedFolder?

    /// Reads a folder, or a package of Argos Translate in one file, and checks that its parts fit each other: every
    /// setting's type and range, every tensor's presence and extents. The weights themselves are mapped, not read: `TensorSource.tensor` looks for numbers that are none.
    ///
    /// - Parameter usesShortlist: Whether a shortlist has to be used even if the folder's own options name none.
    /// - Throws: `ModelError`, whatever the folder holds.
    package static func load(_ directory: URL, usesShortlist: Bool = false) throws(ModelError) -> ModelBundle {
        let bundle = try read(directory, usesShortlist: usesShortlist)
        if let problem = bundle.languages.problem(bundle.configuration) {
            throw ModelError(
                .contradiction, file: bundle.file, "its languages are not of a model that there can be: \(problem)")
        }
        guard !usesShortlist || bundle.shortlist != nil else {
            throw ModelError(
                .unsupported, file: bundle.file, "a shortlist is asked for, and the model has none",
                remedy: "translate without it; only Marian's own files have shortlists, and what is imported of them")
        }
        return bundle
    }

    private static func read(_ directory: URL, usesShortlist: Bool) throws(ModelError) -> ModelBundle {
        if ArgosPackage.isArchive(directory) { return try ArgosPackage.load(archive: directory.path) }
        let folder = try ModelFolder(directory)
        if folder.contains(PackedModel.fileName) { return try PackedModel.load(folder.path(PackedModel.fileName)) }
        if ArgosPackage.isOne(folder) { return try ArgosPackage.load(folder) }
        if MarianFolder.isOne(folder) { return try MarianReader.load(folder, usesShortlist: usesShortlist) }
        return CTranslate2Reader.isOne(folder) ? try CTranslate2Reader.load(folder) : try HuggingFaceReader.load(folder)
    }

    package enum TokenizerParts: Sendable {
        case files(TokenizerFiles)
        /// Of other families than Marian.
        case hub(TokenizerRecipe)
        case packed(PackedTokenizer)

        package var files: TokenizerFiles? {
            if case .files(let files) = self { files } else { nil }
        }

        /// Whether there is what cuts text; if not, the model takes and gives tokens only.
        package var hasPieces: Bool {
            switch self {
            case .files(let files): files.sourcePieces != nil
            case .hub: true
            case .packed(let packed): packed.sourcePieces != nil || packed.hub != nil
            }
        }
    }

    /// A tokenizer's parts, as a Marian folder has them.
    package struct TokenizerFiles: Sendable {
        /// `source.spm`, `target.spm`: absent, both, in models that are only given tokens.
        package var sourcePieces: URL?
        package var targetPieces: URL?
        package var sourceVocabulary: [VocabularyEntry]
        /// The same as the source's unless the model has two.
        package var targetVocabulary: [VocabularyEntry]
    }

    /// A piece and its id.
    ///
    /// Vocabularies are lists in the order of ids, not dictionaries: `String` takes canonically equivalent pieces for one
    /// (`"é"` and `"e\u{301}"`), so whoever looks pieces up has to compare their UTF-8. Ids are unique and lie inside the
    /// model's vocabulary; some may have no piece.
    package struct VocabularyEntry: Sendable, Equatable {
        package var piece: String
        package var id: Int

        /// Pieces are bytes: two that differ in normalization alone are two.
        package static func == (left: Self, right: Self) -> Bool {
            left.id == right.id && left.piece.utf8.elementsEqual(right.piece.utf8)
        }

        package init(piece: String, id: Int) {
            self.piece = piece
            self.id = id
        }
    }
}
