/// Finds the weights in a folder as the hub's repositories have them, in any of the forms that transformers reads.
enum HubWeights {
    /// In the order in which transformers looks for them.
    private static let safeTensors = "model.safetensors"
    private static let pickled = "pytorch_model.bin"

    static func open(_ folder: ModelFolder) throws(ModelError) -> any WeightsFile {
        if folder.contains(safeTensors) { return try SafeTensorsFile(path: folder.path(safeTensors)) }
        if folder.contains("\(safeTensors).index.json") {
            return try ShardedWeights(index: "\(safeTensors).index.json", in: folder) { (name) throws(ModelError) in
                try SafeTensorsFile(path: folder.path(name))
            }
        }
        if folder.contains(pickled) { return try PyTorchFile(path: folder.path(pickled)) }
        if folder.contains("\(pickled).index.json") {
            return try ShardedWeights(index: "\(pickled).index.json", in: folder) { (name) throws(ModelError) in
                try PyTorchFile(path: folder.path(name))
            }
        }
        throw foreign(folder)
            ?? folder.missing(
                safeTensors, "the model's weights (\(pickled) would do too)", remedy: "download them too")
    }

    /// What a folder without a model's usual files holds in their place, as an error that says what to do.
    static func foreign(_ folder: ModelFolder) -> ModelError? {
        let names = folder.names
        for kind in kinds {
            guard let name = names.first(where: kind.isOne) else { continue }
            return ModelError(
                .unsupported, file: folder.path(name), kind.problem, expected: "\(safeTensors) or \(pickled)",
                remedy: kind.remedy)
        }
        return nil
    }

    private struct Kind {
        var isOne: @Sendable (String) -> Bool
        var problem: String
        var remedy: String
    }

    private static let original =
        "download \(safeTensors) or \(pickled) from the model's repository, or the one it was made from"

    private static let kinds = [
        Kind(
            isOne: { $0.hasPrefix("adapter_") }, problem: "an adapter, which is of no use without its base model",
            remedy: "merge both with peft's merge_and_unload(), and save the result"),
        Kind(
            isOne: {
                ($0.hasPrefix("model.") && $0.hasSuffix(".safetensors") && $0 != safeTensors)
                    || ($0.hasPrefix("pytorch_model.") && $0.hasSuffix(".bin") && $0 != pickled)
            },
            problem: "weights of a variant, and no others",
            remedy: "if these are the ones you want, rename the file to \(safeTensors) or \(pickled)"),
        Kind(
            isOne: {
                $0.contains("-of-")
                    && ($0.hasSuffix(".safetensors") || ($0.hasPrefix("pytorch_model") && $0.hasSuffix(".bin")))
            },
            problem: "a part of weights whose index is missing",
            remedy: "download all parts, and the index (\(safeTensors).index.json or \(pickled).index.json)"),
        Kind(
            isOne: { $0.hasSuffix(".onnx") || $0 == "onnx" }, problem: "weights for ONNX Runtime, which are not read",
            remedy: original),
        Kind(
            isOne: { $0.hasSuffix(".gguf") }, problem: "weights for llama.cpp (GGUF), which are not read",
            remedy: original),
        Kind(
            isOne: { $0 == "tf_model.h5" || $0 == "flax_model.msgpack" || $0 == "rust_model.ot" },
            problem: "weights for TensorFlow, Flax or Rust, which are not read",
            remedy: original + "; or convert them: " + conversion),
    ]

    private static let conversion =
        #"python3 -c 'from transformers import AutoModelForSeq2SeqLM as M; "#
        + #"M.from_pretrained(".", from_tf=True).save_pretrained(".")', with from_flax for Flax"#
}
