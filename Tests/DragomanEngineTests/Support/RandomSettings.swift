import Foundation
import TestKit

/// A tiny model's two files of settings with some numbers changed: mostly to such as a file may have, and now and then
/// to anything.
struct RandomSettings {
    let config: String
    let generation: String
    /// What was changed, for a failure's message.
    let changes: [String]

    private static let wild = [
        "0", "-1", "1", "2", "0.5", "1e30", "-1e30", "1e-40", "1e400", "-0.0", "2147483647", "2147483648",
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e18", "NaN", "Infinity", "null", "true",
        "\"7\"", "[]", "[0]", "[[]]", "[[0]]", "{}",
    ]

    /// Values for keys of `config.json`; ids may lie just outside the vocabularies, which have 61 to 83 tokens.
    private static let model: [String: [String]] = [
        "max_position_embeddings": ["0", "1", "2", "3", "4", "5", "6", "40", "8192", "16384", "16385", "1000000000"],
        "encoder_attention_heads": ["0", "1", "2", "3", "4", "5", "6", "8", "12", "24", "32", "20"],
        "decoder_attention_heads": ["0", "1", "2", "3", "4", "5", "6", "8", "12", "24", "32", "20"],
        "encoder_ffn_dim": ["0", "1", "28", "36", "40", "52", "131072", "131073"],
        "decoder_ffn_dim": ["0", "1", "28", "36", "40", "52", "131072", "131073"],
        "encoder_layers": ["0", "1", "2", "3", "1024", "1025"],
        "decoder_layers": ["0", "1", "2", "3", "1024", "1025"],
        "d_model": ["0", "1", "20", "24", "32", "65536"],
        "vocab_size": ["0", "1", "61", "67", "71", "83", "16777216", "16777217"],
        "decoder_vocab_size": ["0", "1", "61", "67", "71", "83", "16777216"],
        "scale_embedding": ["true", "false", "1"],
        "share_encoder_decoder_embeddings": ["true", "false"],
        "tie_word_embeddings": ["true", "false"],
        "activation_function": ["\"relu\"", "\"gelu\"", "\"silu\"", "\"gelu_new\"", "\"mish\""],
    ]

    private static let search: [String: [String]] = [
        "num_beams": ["0", "1", "2", "3", "7", "61", "256", "257"],
        "max_length": ["0", "1", "2", "3", "4", "40", "41", "100", "100000"],
        "max_new_tokens": ["0", "1", "2", "3", "38", "39", "40", "100000"],
        "min_length": ["0", "1", "2", "3", "30", "40", "100000"],
        "min_new_tokens": ["0", "1", "2", "3", "30", "40", "100000"],
        "length_penalty": ["0", "-1", "1", "0.6", "10", "-10", "11", "1e38", "-1e38"],
        "repetition_penalty": ["0", "-1", "1", "1.3", "0.001", "1000", "1e-38", "1e38"],
        "no_repeat_ngram_size": ["0", "1", "2", "3", "100", "2147483647"],
        "bad_words_ids": ["[[0]]", "[[1],[2]]", "[[5,5,5]]", "[[60],[66]]", "[[82,0]]", "[[83]]", "[[-1]]"],
        "suppress_tokens": ["[]", "[0]", "[1,2,3,60,66,70]", "[83]"],
        "forced_bos_token_id": ["0", "1", "5", "60", "66", "70", "82", "83", "[5]", "[5,6]"],
        "forced_eos_token_id": ["0", "1", "5", "66", "82", "83"],
        "eos_token_id": ["0", "1", "5", "60", "66", "70", "82", "[2]"],
        "pad_token_id": ["0", "1", "5", "60", "66", "70", "82"],
        "decoder_start_token_id": ["0", "1", "5", "60", "66", "70", "82"],
        "renormalize_logits": ["true", "false"],
        "early_stopping": ["true", "false", "\"never\"", "\"always\""],
    ]

    init(of model: EngineModel, using random: inout SeededRandom) throws {
        var changes: [String] = []
        func file(_ name: String, _ values: [String: [String]], _ count: Int) throws -> String {
            let data = try Data(contentsOf: model.folder.appending(path: name))
            guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
                throw CocoaError(.fileReadCorruptFile)
            }
            var texts = try object.mapValues { value in
                String(
                    decoding: try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed),
                    as: UTF8.self)
            }
            for _ in 0..<count {
                let key = random.choice(values.keys.sorted())
                let value = random.choice(random.oneIn(8) ? Self.wild : values[key] ?? [])
                texts[key] = value
                changes.append("\(key): \(value)")
            }
            return "{" + texts.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
                + "}"
        }
        // Few sizes fit the weights: most cases leave them as they are, or they would never get past loading.
        let count = random.oneIn(3) ? random.integer(1...2) : 0
        config = try file("config.json", Self.model, count)
        generation = try file("generation_config.json", Self.search, random.integer(0...4))
        self.changes = changes
    }
}
