internal import Foundation

/// Which files of a repository make the model: its settings, its tokenizer, and its weights in one form.
///
/// Files are chosen by name, so a repository's programs, notes, other forms of weights and checkpoints never are. The one
/// program that is fetched is not run: that it is there is all that tells SMaLL-100 from M2M-100.
package struct FileChoice: Sendable, Equatable {
    /// What is read of a model besides its weights, as far as a repository has it.
    private static let companions = [
        "config.json", "generation_config.json", "tokenizer_config.json", "special_tokens_map.json",
        "added_tokens.json", "tokenizer.json",
        // Vocabularies, by family.
        "vocab.json", "target_vocab.json", "vocab.txt", "merges.txt", "vocab-src.json", "vocab-tgt.json",
        // SentencePiece.
        "source.spm", "target.spm", "spiece.model", "spm.model", "sentencepiece.model", "sentencepiece.bpe.model",
        "tokenizer.model", "bpe.model",
        "tokenization_small100.py",
    ]
    private static let converted = "model.bin"
    private static let convertedCompanions = ["shared_vocabulary", "source_vocabulary", "target_vocabulary"]
        .flatMap { ["\($0).json", "\($0).txt"] }
    /// Endings of weights that are not read, for the message that says so.
    private static let foreign = [".onnx", ".gguf", ".h5", ".msgpack", ".ot", ".tflite", ".mlmodel"]

    /// Those that are known from the listing.
    package let files: [RemoteFile]
    /// The file that says which others hold the weights; it is one of `files`.
    package let index: RemoteFile?

    package init(_ listing: RepositoryListing, of repository: RepositoryName) throws(HubError) {
        var companions = Self.companions
        let weights: RemoteFile
        // Before version 6 of its format, CTranslate2 wrote none.
        var needsSettings = true
        // In the order in which the folder's reader looks for them.
        if let file = listing.file("model.safetensors") ?? listing.file("model.safetensors.index.json")
            ?? listing.file("pytorch_model.bin") ?? listing.file("pytorch_model.bin.index.json")
        {
            weights = file
        } else if let file = listing.file(Self.converted),
            Self.convertedCompanions.contains(where: { listing.file($0) != nil })
        {
            weights = file
            companions += Self.convertedCompanions
            needsSettings = false
        } else {
            throw Self.lacking(listing, repository)
        }
        guard !needsSettings || listing.file("config.json") != nil else {
            throw HubError(
                .noModel, "\(repository)", "the repository has no config.json, so it does not hold a model",
                remedy: "look at its page for the repository that it belongs to")
        }
        files = companions.compactMap(listing.file) + [weights]
        index = weights.name.hasSuffix(".index.json") ? weights : nil
    }

    /// The files that an index names.
    package static func shards(
        index: [UInt8], name: String, in listing: RepositoryListing, of repository: RepositoryName
    ) throws(HubError) -> [RemoteFile] {
        struct Index: Decodable {
            var weightMap: [String: String]

            enum CodingKeys: String, CodingKey {
                case weightMap = "weight_map"
            }
        }
        func malformed(_ problem: String, found: String? = nil) -> HubError {
            HubError(
                .malformedAnswer, "\(repository)/\(name)", problem, found: found,
                remedy: "tell the repository's owner; another revision may be whole")
        }
        guard let map = try? JSONDecoder().decode(Index.self, from: Data(index)).weightMap, !map.isEmpty else {
            throw malformed("this is not an index of weights")
        }
        let suffix = name.hasPrefix("model.safetensors") ? ".safetensors" : ".bin"
        var shards: [RemoteFile] = []
        for shard in Set(map.values).sorted() {
            guard RepositoryListing.isSafe(shard), !shard.contains("/"), shard.hasSuffix(suffix) else {
                throw malformed("the index names a file that does not belong to the weights", found: "\"\(shard)\"")
            }
            guard let file = listing.file(shard) else {
                throw malformed("the index names a file that the repository does not have", found: "\"\(shard)\"")
            }
            shards.append(file)
        }
        return shards
    }

    private static func lacking(_ listing: RepositoryListing, _ repository: RepositoryName) -> HubError {
        let others = listing.files.map(\.name).filter { name in
            foreign.contains(where: name.hasSuffix) || name.hasPrefix("adapter_") || name.contains(".safetensors")
                || (name.hasPrefix("pytorch_model") && name.hasSuffix(".bin"))
        }
        let shown = others.prefix(6).joined(separator: ", ") + (others.count > 6 ? " and \(others.count - 6) more" : "")
        return HubError(
            .noModel, "\(repository)", "the repository has no weights in a form that is read",
            expected: "model.safetensors or pytorch_model.bin, whole or in parts with their index",
            found: others.isEmpty ? "none" : shown,
            remedy:
                "look for the repository that it was made from, or a revision that has them (refs/pr/N with --revision)"
        )
    }
}
