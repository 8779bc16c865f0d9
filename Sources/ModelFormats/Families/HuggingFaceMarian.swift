internal import Inference

/// Reads a folder of a Marian model in transformers' layout, OPUS-MT's among them.
enum HuggingFaceMarian {
    static func load(_ folder: ModelFolder, _ settings: Settings) throws(ModelError) -> ModelBundle {
        let model = try HubModel(folder, settings)
        let tokenizer = model.tokenizer
        let file = try HubWeights.open(folder)
        var configuration = try configuration(model)
        let vocabulary = try Vocabulary(folder, tokenizer, configuration)
        configuration.specials.unknown = vocabulary.unknown
        let weights = try FamilyWeights(file, names: .marian, &configuration)
        var languages = ModelLanguages(
            source: try tokenizer?.string("source_lang"), target: try tokenizer?.string("target_lang"))
        Vocabulary.nameTargets(in: vocabulary.source, &languages, &configuration)

        return ModelBundle(
            configuration: configuration,
            defaults: try model.generationDefaults(configuration),
            weights: weights,
            storedPrecision: weights.storedPrecision,
            file: file.path,
            storedBytes: file.byteCount,
            parameterCount: weights.parameterCount,
            tokenizer: .files(try vocabulary.files(in: folder)),
            languages: languages)
    }
}
