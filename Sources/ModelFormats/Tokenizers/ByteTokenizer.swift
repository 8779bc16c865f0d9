internal import Text

/// ByT5: bytes, behind three special tokens, before those that nothing uses.
enum ByteTokenizer {
    static func read(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        var entries = TokenEntries(file: source.folder.path("tokenizer_config.json"))
        let roles = [("pad_token", "<pad>"), ("eos_token", "</s>"), ("unk_token", "<unk>")]
        var specials: Set<Int> = []
        for (role, usual) in roles { specials.insert(try entries.require(source.names.name(role, usual))) }
        let offset = roles.count
        for byte in UInt8.min...UInt8.max {
            try entries.add(String(Unicode.Scalar(byte)), id: offset + Int(byte))
        }
        let extra = try source.settings?.integer("extra_ids", in: 0...10_000) ?? 125
        for number in 0..<extra { specials.insert(try entries.require("<extra_id_\(number)>")) }
        var plan = TokenizerPlan(model: .bytes(offset: offset))
        plan.specials = specials.sorted()
        return TokenizerRecipe(plan: plan, source: entries.table(size: source.size))
    }
}
