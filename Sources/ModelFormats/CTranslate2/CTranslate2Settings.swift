/// What a CTranslate2 folder says about its special tokens and norms: `config.json`, or before version 6 of the format,
/// variables of the weights' file (`src/models/sequence_to_sequence.cc`).
struct CTranslate2Settings {
    let unknown: String
    let begin: String
    let end: String
    let beginsSource: Bool
    let endsSource: Bool
    /// nil when the caller has to say with which token the decoder starts: that of the target's language.
    let decoderStart: String?
    let normEpsilon: Float?

    static let fileName = "config.json"

    init(_ file: CTranslate2File, _ folder: ModelFolder) throws(ModelError) {
        let settings = try folder.settingsIfPresent(Self.fileName)
        if let settings { try Self.refuseQuantization(settings) }
        normEpsilon = try settings?.number("layer_norm_epsilon")
        if let normEpsilon, !(normEpsilon >= 0) {
            throw ModelError(
                .invalidValue, file: folder.path(Self.fileName), "layer_norm_epsilon has a value that it cannot have",
                expected: "0 or more", found: "\(normEpsilon)")
        }
        if file.version >= 6 {
            guard let settings else {
                throw folder.missing(
                    Self.fileName, "the model's special tokens", remedy: "take it from where model.bin is from")
            }
            unknown = try settings.string("unk_token") ?? "<unk>"
            begin = try settings.string("bos_token") ?? "<s>"
            end = try settings.string("eos_token") ?? "</s>"
            beginsSource = try settings.boolean("add_source_bos") ?? false
            endsSource = try settings.boolean("add_source_eos") ?? false
            decoderStart = try settings.string("decoder_start_token")
        } else {
            unknown = try file.text("unk_token") ?? "<unk>"
            begin = try file.text("bos_token") ?? "<s>"
            end = try file.text("eos_token") ?? "</s>"
            beginsSource = try file.flag("with_source_bos", default: false)
            endsSource = try file.flag("with_source_eos", default: false)
            let isCallers = try file.flag("user_decoder_start_tokens", default: false)
            decoderStart = isCallers ? nil : try file.flag("with_target_bos", default: true) ? begin : end
        }
    }

    /// Weights that other libraries have quantised, to fewer bits.
    private static func refuseQuantization(_ settings: Settings) throws(ModelError) {
        guard let type = settings["quantization_type"], type != .integer(0) else { return }
        throw ModelError(
            .unsupported, file: settings.file, "weights are quantised by AWQ, which is not supported",
            found: type.summary, remedy: "convert the original model again, with --quantization int8 or none")
    }
}
