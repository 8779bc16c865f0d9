internal import Tensors
internal import Text

/// BART's byte-level pairs: `vocab.json` and `merges.txt`.
enum BytePairFiles {
    static func read(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        var entries = TokenEntries(file: source.folder.path("vocab.json"))
        for (token, id) in try VocabularyFile.read("vocab.json", source.folder) { try entries.add(token, id: id) }
        let merges = try triples(
            try VocabularyFile.merges("merges.txt", source.folder), entries, prefix: "",
            file: source.folder.path("merges.txt"))
        let roles = [
            ("bos_token", "<s>"), ("eos_token", "</s>"), ("unk_token", "<unk>"), ("sep_token", "</s>"),
            ("cls_token", "<s>"), ("pad_token", "<pad>"), ("mask_token", "<mask>"),
        ]
        var specials: Set<Int> = []
        for name in roles.map({ source.names.name($0.0, $0.1) }) + source.names.all {
            specials.insert(try entries.require(name))
        }
        // Bytes are never unknown.
        var plan = TokenizerPlan(model: .bytePairs(.init(unknown: nil)))
        let addsSpace = try source.settings?.boolean("add_prefix_space") ?? false
        plan.preTokenizers = [.byteLevel(addsPrefixSpace: addsSpace, usesPattern: true)]
        plan.decoders = [.byteLevel]
        plan.specials = specials.sorted()
        var recipe = TokenizerRecipe(
            plan: plan, source: entries.table(size: max(source.sourceSize, source.targetSize)))
        recipe.merges = merges
        return recipe
    }

    /// The ids of pairs and what they become.
    ///
    /// - Parameter prefix: What the right token has before the letters that it adds.
    static func triples(
        _ merges: [(left: String, right: String)], _ entries: TokenEntries, prefix: String, file: String
    ) throws(ModelError) -> Block<Int32>? {
        var triples: [Int32] = []
        triples.reserveCapacity(merges.count * 3)
        for merge in merges {
            let joint = merge.left + (prefix.isEmpty ? merge.right : String(merge.right.dropPrefix(prefix)))
            guard let left = entries.id(of: merge.left), let right = entries.id(of: merge.right),
                let result = entries.id(of: joint)
            else {
                throw ModelError(
                    .contradiction, file: file,
                    "a merge names a token that the vocabulary does not have",
                    found: "\(ModelError.quoted(merge.left)) and \(ModelError.quoted(merge.right))")
            }
            triples += [Int32(left), Int32(right), Int32(result)]
        }
        return triples.isEmpty ? nil : Block(triples)
    }
}

extension String {
    fileprivate func dropPrefix(_ prefix: String) -> Substring {
        utf8.starts(with: prefix.utf8) ? Substring(utf8.dropFirst(prefix.utf8.count)) : self[...]
    }
}
