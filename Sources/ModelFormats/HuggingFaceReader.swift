/// Reads a folder as Hugging Face transformers writes it: `config.json`, `model.safetensors` and what goes with them.
///
/// "transformers" in this reader's comments is version 5.23.0, whose behaviour it follows.
enum HuggingFaceReader {
    /// The values of `model_type` that have a reader.
    static let supportedFamilies = ["marian"]

    static let weightsName = "model.safetensors"

    static func load(_ folder: ModelFolder) throws(ModelError) -> ModelBundle {
        guard let settings = try folder.settingsIfPresent("config.json") else {
            throw ModelError(
                .missingFile, file: folder.path("config.json"), "the folder has no model's configuration",
                remedy: "give a folder in the layout of Hugging Face transformers")
        }
        guard let family = try settings.string("model_type") else {
            throw ModelError(
                .invalidValue, file: settings.file, "model_type is not given", expected: supported())
        }
        guard supportedFamilies.contains(family) else {
            throw ModelError(
                .unsupported, file: settings.file, "models of this model_type are not supported",
                expected: supported(), found: ModelError.quoted(family))
        }
        return try HuggingFaceMarian.load(folder, settings)
    }

    /// Maps the folder's weights.
    static func weights(_ folder: ModelFolder) throws(ModelError) -> SafeTensorsFile {
        if folder.contains(weightsName) { return try SafeTensorsFile(path: folder.path(weightsName)) }
        if folder.contains("\(weightsName).index.json") {
            throw ModelError(
                .unsupported, file: folder.path("\(weightsName).index.json"),
                "weights in several files are not supported", expected: weightsName, remedy: "join them: \(conversion)")
        }
        for name in ["pytorch_model.bin", "tf_model.h5", "flax_model.msgpack"] where folder.contains(name) {
            throw ModelError(
                .unsupported, file: folder.path(name), "weights in this format are not supported",
                expected: weightsName, remedy: "convert them: \(conversion)")
        }
        throw ModelError(.missingFile, file: folder.path(weightsName), "the folder has no weights")
    }

    /// `save_pretrained` writes one safetensors file up to 50 GB a shard.
    private static let conversion =
        #"in the folder, run python3 -c 'from transformers import AutoModelForSeq2SeqLM as M; "#
        + #"M.from_pretrained(".").save_pretrained(".")'"#

    private static func supported() -> String { supportedFamilies.joined(separator: ", ") }
}
