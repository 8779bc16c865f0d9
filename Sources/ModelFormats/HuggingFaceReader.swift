/// Reads a folder as Hugging Face transformers writes it: `config.json`, `model.safetensors` and what goes with them.
///
/// "transformers" in this reader's comments is version 5.23.0, whose behaviour it follows.
enum HuggingFaceReader {
    /// The reader of each value of `model_type`.
    private static let families: [String: @Sendable (ModelFolder, Settings) throws(ModelError) -> ModelBundle] = {
        var families: [String: @Sendable (ModelFolder, Settings) throws(ModelError) -> ModelBundle] = [
            "marian": HuggingFaceMarian.load
        ]
        for (name, family) in BartFamily.all { families[name] = family.load }
        for (name, family) in T5Family.all { families[name] = family.load }
        return families
    }()

    static func load(_ folder: ModelFolder) throws(ModelError) -> ModelBundle {
        guard let settings = try folder.settingsIfPresent("config.json") else {
            throw HubWeights.foreign(folder)
                ?? folder.missing(
                    "config.json", "the model's configuration",
                    remedy: "give a folder in the layout of Hugging Face transformers, or a packed one")
        }
        guard let family = try settings.string("model_type") else {
            throw ModelError(
                .invalidValue, file: settings.file, "model_type is not given", expected: supported())
        }
        guard let load = families[family] else {
            throw ModelError(
                .unsupported, file: settings.file, "models of this model_type are not supported",
                expected: supported(), found: ModelError.quoted(family))
        }
        return try load(folder, settings)
    }

    private static func supported() -> String { families.keys.sorted().joined(separator: ", ") }
}
