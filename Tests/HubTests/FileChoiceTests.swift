import Hub
import Testing

@Suite struct FileChoiceTests {
    private static func listing(_ names: [String]) -> RepositoryListing {
        let blob = String(repeating: "a", count: 40)
        return RepositoryListing(
            commit: blob, files: names.map { RemoteFile(name: $0, byteCount: 1, digest: .gitBlob(blob)) })
    }

    private static func chosen(_ names: [String]) throws -> Set<String> {
        Set(try FileChoice(listing(names), of: RepositoryName("a/b")).files.map(\.name))
    }

    private static let marian = [
        "config.json", "generation_config.json", "source.spm", "target.spm", "tokenizer_config.json", "vocab.json",
    ]

    /// What a repository has besides a model's usual files, and what of it is chosen.
    private static let others: [(there: [String], chosen: [String])] = [
        // As OPUS-MT's repositories are.
        (["README.md", ".gitattributes", "pytorch_model.bin", "tf_model.h5", "rust_model.ot"], ["pytorch_model.bin"]),
        (["model.safetensors", "pytorch_model.bin", "flax_model.msgpack"], ["model.safetensors"]),
        (["model.fp16.safetensors", "pytorch_model.bin", "onnx/config.json"], ["pytorch_model.bin"]),
        (["model.bin", "shared_vocabulary.json", "run.py"], ["model.bin", "shared_vocabulary.json"]),
        (
            ["tokenizer.json", "modeling_x.py", "pytorch_model.bin", "training_args.bin"],
            ["tokenizer.json", "pytorch_model.bin"]
        ),
        (["pytorch_model.bin.index.json", "pytorch_model-1.bin"], ["pytorch_model.bin.index.json"]),
        // SMaLL-100's files say that they are M2M-100's.
        (["pytorch_model.bin", "tokenization_small100.py"], ["pytorch_model.bin", "tokenization_small100.py"]),
    ]

    @Test(arguments: others)
    func `the model's files are chosen, and its weights in one form`(there: [String], chosen: [String]) throws {
        #expect(try Self.chosen(Self.marian + there) == Set(Self.marian + chosen))
    }

    @Test func `a folder of CTranslate2 needs no settings, which older converters did not write`() throws {
        let names = ["model.bin", "source_vocabulary.txt", "target_vocabulary.txt", "source.spm", "target.spm"]
        #expect(try Self.chosen(names) == Set(names))
    }

    @Test(
        arguments: [
            ["config.json", "tf_model.h5", "rust_model.ot"], ["config.json", "model.fp16.safetensors"],
            ["config.json", "model.bin"], ["model.safetensors"], ["README.md"], [],
            ["adapter_config.json", "adapter_model.safetensors"],
        ])
    func `a repository without a model says what it has`(names: [String]) throws {
        let error = try #require(throws: HubError.self) { try Self.chosen(names) }
        #expect(error.code == .noModel)
        if names.contains("tf_model.h5") { #expect(error.message.contains("found tf_model.h5, rust_model.ot")) }
    }

    private static func shards(_ index: String) throws -> [String] {
        let names = [
            "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "other.py", "sub/x.safetensors",
        ]
        return try FileChoice.shards(
            index: Array(index.utf8), name: "model.safetensors.index.json", in: listing(names),
            of: RepositoryName("a/b")
        ).map(\.name)
    }

    @Test func `an index names the weights' parts, each once`() throws {
        let index = #"""
            {"metadata": {"total_size": 1}, "weight_map": {"a": "model-00002-of-00002.safetensors",
            "b": "model-00001-of-00002.safetensors", "c": "model-00002-of-00002.safetensors"}}
            """#
        #expect(try Self.shards(index) == ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"])
    }

    @Test(
        arguments: [
            "../../.ssh/x.safetensors", "/x.safetensors", "other.py", "sub/x.safetensors", "absent.safetensors", "",
        ])
    func `an index that names anything else is refused`(name: String) throws {
        let error = try #require(throws: HubError.self) { try Self.shards(#"{"weight_map": {"a": "\#(name)"}}"#) }
        #expect(error.code == .malformedAnswer)
        #expect(error.message.contains(name))
    }

    @Test(arguments: ["", "{}", #"{"weight_map": {}}"#, #"{"weight_map": {"a": 1}}"#])
    func `a malformed index is refused`(index: String) {
        #expect(throws: HubError.self) { try Self.shards(index) }
    }
}
