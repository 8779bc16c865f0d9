internal import Inference

/// Reads a folder of a Marian model in transformers' layout, OPUS-MT's among them.
enum HuggingFaceMarian {
    static func load(_ folder: ModelFolder, _ settings: Settings) throws(ModelError) -> ModelBundle {
        // A folder's own file for generation is the only one that transformers heeds when it is there; else the same keys
        // are read from config.json, where old models have them (`GenerationConfig.from_model_config`).
        let ownGeneration = try folder.settingsIfPresent("generation_config.json")
        let generation = ownGeneration ?? settings
        let tokenizer = try folder.settingsIfPresent("tokenizer_config.json")

        let file = try HubWeights.open(folder)
        var configuration = try configuration(settings, generation)
        let vocabulary = try Vocabulary(folder, tokenizer, configuration)
        configuration.specials.unknown = vocabulary.unknown
        let weights = try FamilyWeights(file, names: .marian, &configuration)

        return ModelBundle(
            configuration: configuration,
            defaults: try defaults(generation, configuration, isLegacy: ownGeneration == nil),
            weights: weights,
            storedPrecision: weights.storedPrecision,
            file: file.path,
            storedBytes: file.byteCount,
            parameterCount: weights.parameterCount,
            tokenizer: .files(try vocabulary.files(in: folder)),
            sourceLanguage: try tokenizer?.string("source_lang"),
            targetLanguage: try tokenizer?.string("target_lang"))
    }
}
