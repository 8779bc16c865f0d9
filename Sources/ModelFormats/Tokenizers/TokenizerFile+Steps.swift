internal import Foundation
internal import Tensors
internal import Text

extension TokenizerFile {
    /// What the file says about the text before it is cut.
    ///
    /// - Parameter map: Takes SentencePiece's table of replacements.
    static func normalizers(
        _ value: JSONValue?, _ file: String, map: inout Block<UInt8>?
    ) throws(ModelError) -> [Normalizer] {
        var normalizers: [Normalizer] = []
        for step in try TokenizerStep.all(value, "normalizer", list: "normalizers", file) {
            switch step.type {
            case "NFC": normalizers.append(.unicode(.nfc))
            case "NFD": normalizers.append(.unicode(.nfd))
            case "NFKC": normalizers.append(.unicode(.nfkc))
            case "NFKD": normalizers.append(.unicode(.nfkd))
            case "Lowercase": normalizers.append(.lowercase)
            case "StripAccents": normalizers.append(.stripAccents)
            case "Strip":
                normalizers.append(
                    .strip(left: try step.boolean("strip_left"), right: try step.boolean("strip_right")))
            case "Replace": normalizers.append(.replace(try step.pattern("pattern"), try step.string("content")))
            case "Prepend": normalizers.append(.prepend(try step.string("prepend")))
            case "Nmt": normalizers.append(.nmt)
            case "ByteLevel": normalizers.append(.byteLevel)
            case "BertNormalizer":
                let lowercases = try step.boolean("lowercase", true)
                normalizers.append(
                    .bert(
                        cleans: try step.boolean("clean_text", true),
                        spacesChinese: try step.boolean("handle_chinese_chars", true),
                        stripsAccents: try step.boolean("strip_accents", lowercases), lowercases: lowercases))
            case "Precompiled":
                guard case .string(let text)? = step.members["precompiled_charsmap"], !text.isEmpty else { continue }
                guard let data = Data(base64Encoded: text), !data.isEmpty else {
                    throw step.invalid("precompiled_charsmap")
                }
                guard map == nil else {
                    throw ModelError(.unsupported, file: file, "two Precompiled normalizers are not supported")
                }
                map = Block(data)
                normalizers.append(.characterMap)
            default: throw step.unsupported()
            }
        }
        return normalizers
    }

    /// How the file cuts a text into parts.
    static func preTokenizers(_ value: JSONValue?, _ file: String) throws(ModelError) -> [PreTokenizer] {
        var preTokenizers: [PreTokenizer] = []
        for step in try TokenizerStep.all(value, "pre-tokenizer", list: "pretokenizers", file) {
            switch step.type {
            case "Metaspace":
                let (replacement, prepending) = try metaspace(step)
                preTokenizers.append(
                    .metaspace(
                        replacement: replacement, prepending: prepending, splits: try step.boolean("split", true)))
            case "ByteLevel":
                preTokenizers.append(
                    .byteLevel(
                        addsPrefixSpace: try step.boolean("add_prefix_space"),
                        usesPattern: try step.boolean("use_regex", true)))
            case "Whitespace": preTokenizers.append(.whitespace)
            case "WhitespaceSplit": preTokenizers.append(.whitespaceSplit)
            case "BertPreTokenizer": preTokenizers.append(.bert)
            case "Punctuation": preTokenizers.append(.punctuation(try behavior(step, .isolated)))
            case "Digits": preTokenizers.append(.digits(individual: try step.boolean("individual_digits")))
            case "CharDelimiterSplit": preTokenizers.append(.delimiter(try step.character("delimiter")))
            case "Split":
                preTokenizers.append(
                    .split(
                        try step.pattern("pattern"), try behavior(step, nil), inverts: try step.boolean("invert")))
            default: throw step.unsupported()
            }
        }
        return preTokenizers
    }

    /// How the file makes text of tokens; nil when it does not say.
    static func decoders(_ value: JSONValue?, _ file: String) throws(ModelError) -> [TokenDecoder]? {
        guard let value, value != .null else { return nil }
        var decoders: [TokenDecoder] = []
        for step in try TokenizerStep.all(value, "decoder", list: "decoders", file) {
            switch step.type {
            case "Metaspace":
                let (replacement, prepending) = try metaspace(step)
                decoders.append(.metaspace(replacement: replacement, drops: prepending != .never))
            case "ByteLevel": decoders.append(.byteLevel)
            case "WordPiece":
                decoders.append(
                    .wordPiece(prefix: try step.string("prefix"), cleansUp: try step.boolean("cleanup")))
            case "ByteFallback": decoders.append(.byteFallback)
            case "Replace": decoders.append(.replace(try step.pattern("pattern"), try step.string("content")))
            case "Fuse": decoders.append(.fuse)
            case "Strip":
                decoders.append(
                    .strip(
                        try step.character("content"), start: try step.integer("start", in: 0...1024),
                        stop: try step.integer("stop", in: 0...1024)))
            case "BPEDecoder": decoders.append(.bytePairs(suffix: try step.string("suffix")))
            default: throw step.unsupported()
            }
        }
        return decoders
    }

    /// `add_prefix_space` is the older way to say `prepend_scheme`.
    private static func metaspace(
        _ step: TokenizerStep
    ) throws(ModelError) -> (replacement: String, prepending: PreTokenizer.Prepending) {
        let addsSpace = try step.boolean("add_prefix_space", true)
        let scheme = step.members["prepend_scheme"]
        guard let scheme, scheme != .null else {
            return (try step.character("replacement"), addsSpace ? .always : .never)
        }
        guard case .string(let name) = scheme, let prepending = PreTokenizer.Prepending(rawValue: name),
            addsSpace || prepending == .never
        else { throw step.invalid("prepend_scheme") }
        return (try step.character("replacement"), prepending)
    }

    private static func behavior(
        _ step: TokenizerStep, _ usual: PreTokenizer.Behavior?
    ) throws(ModelError) -> PreTokenizer.Behavior {
        if let usual, step.members["behavior"] == nil { return usual }
        guard let behavior = PreTokenizer.Behavior(rawValue: try step.string("behavior")) else {
            throw step.invalid("behavior")
        }
        return behavior
    }
}
