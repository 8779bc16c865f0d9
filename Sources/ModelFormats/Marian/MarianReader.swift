internal import Foundation
internal import Inference
internal import Tensors

/// Reads a folder of Marian's own files (marian-nmt.github.io): `model.npz` or `.bin` with the options that it was trained
/// with inside, vocabularies, and perhaps the options of its decoder; the models of Firefox Translations among them.
enum MarianReader {
    /// The options that a model was trained with, inside of its file.
    private static let optionsEntry = "special:model.yml"

    static func load(_ folder: ModelFolder, usesShortlist: Bool) throws(ModelError) -> ModelBundle {
        let files = try MarianFolder(folder)
        let path = folder.path(files.model)
        let file: any MarianTensorFile =
            files.model.hasSuffix(".npz") ? try NumPyArchive(path: path) : try MarianBinaryFile(path: path)
        guard let text = try file.text(optionsEntry) else {
            throw ModelError(
                .missingTensor, file: path, tensor: optionsEntry,
                "the file lacks the options that the model was trained with")
        }
        guard text.count <= ModelFolder.settingsBytesMax else {
            throw ModelError(
                .malformedFile, file: path, tensor: optionsEntry, "the options are too long",
                expected: "at most \(ModelFolder.settingsBytesMax) bytes", found: "\(text.count)")
        }
        let options = try FlatYAML.settings(text, file: "\(path)/\(optionsEntry)")
        let (described, names) = try configuration(options, file)
        var configuration = described

        let isShared = files.vocabularies.source == files.vocabularies.target
        let source = try MarianVocabulary(
            folder, files.vocabularies.source,
            size: isShared
                ? min(configuration.sourceVocabularySize, configuration.targetVocabularySize)
                : configuration.sourceVocabularySize)
        let target =
            isShared
            ? source
            : try MarianVocabulary(
                folder, files.vocabularies.target, size: configuration.targetVocabularySize)
        configuration.specials = .init(
            endOfSentence: target.end, unknown: source.unknown, padding: target.end,
            targetUnknown: target.unknown == source.unknown ? nil : target.unknown)
        // What the decoder reads first is zeros, whatever the token.
        configuration.framing = Framing(sourceEnd: source.end, decoderStart: target.end)

        var languages = ModelLanguages(source: files.languages?.source, target: files.languages?.target)
        HuggingFaceMarian.Vocabulary.nameTargets(in: source.entries, &languages, &configuration)
        let weights = try MarianWeights(file, names: names, configuration)
        return ModelBundle(
            configuration: configuration,
            defaults: try defaults(files.options),
            weights: weights,
            storedPrecision: weights.storedPrecision,
            file: path,
            storedBytes: file.byteCount,
            parameterCount: weights.parameterCount,
            tokenizer: .files(try tokenizer(files, source, target)),
            languages: languages,
            shortlist: try MarianShortlist.load(files, source, target, configuration, isAsked: usesShortlist))
    }

    private static func tokenizer(
        _ files: MarianFolder, _ source: MarianVocabulary, _ target: MarianVocabulary
    ) throws(ModelError) -> ModelBundle.TokenizerFiles {
        let folder = files.folder
        // Lists of tokens do not say how text is cut. OPUS-MT has the models that do beside them.
        func pieces(_ vocabulary: MarianVocabulary, _ name: String, _ beside: String) -> URL? {
            vocabulary.hasPieces ? folder.file(name) : folder.contains(beside) ? folder.file(beside) : nil
        }
        let sourcePieces = pieces(source, files.vocabularies.source, "source.spm")
        let targetPieces = pieces(target, files.vocabularies.target, "target.spm")
        guard (sourcePieces == nil) == (targetPieces == nil) else {
            throw folder.missing(
                sourcePieces == nil ? "source.spm" : "target.spm", "which cuts a side's text into tokens",
                remedy: "without either the model takes tokens only")
        }
        return ModelBundle.TokenizerFiles(
            sourcePieces: sourcePieces, targetPieces: targetPieces, sourceVocabulary: source.entries,
            targetVocabulary: target.entries)
    }

    /// How `marian-decoder` searches with such options, or Firefox, whose models come without them: greedily.
    private static func defaults(_ options: Settings?) throws(ModelError) -> GenerationDefaults {
        var defaults = GenerationDefaults()
        defaults.lengthPenalty = 0
        defaults.finishedKeepPlaces = true
        // Its default; without a limit, a model that misses its end would go on to the last position.
        defaults.maximumLengthFactor = 3
        guard let options else { return defaults }
        if let factor = try options.number("max-length-factor") {
            guard factor > 0 else {
                throw options.invalid("max-length-factor", expected: "a number above 0", found: "\(factor)")
            }
            defaults.maximumLengthFactor = factor
        }
        defaults.beamSize = try options.integer("beam-size", in: 1...SearchOptions.beamSizeMaximum) ?? 12
        switch options["normalize"] {
        case .boolean(let isOn)?: defaults.lengthPenalty = isOn ? 1 : 0
        default: defaults.lengthPenalty = try options.number("normalize") ?? 0
        }
        if let penalty = try options.number("word-penalty"), penalty != 0 {
            throw ModelError(
                .unsupported, file: options.file, "word-penalty is set, and is not supported", found: "\(penalty)",
                remedy: "remove the key to translate without it")
        }
        return defaults
    }
}
