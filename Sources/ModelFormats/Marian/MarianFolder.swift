internal import Foundation

/// Which of a folder's files are a model of Marian's: as `decoder.yml` or `config.yml` says, or, without one, by name.
struct MarianFolder {
    let folder: ModelFolder
    /// The options of Marian's decoder, when there is a file of them.
    let options: Settings?
    /// The name of the model's file.
    let model: String
    /// The names of the vocabularies of both sides, which may be one.
    let vocabularies: (source: String, target: String)
    /// From the files' names: `enfr` in `model.enfr.intgemm.alphas.bin`.
    let languages: (source: String, target: String)?

    /// Whether a folder is one, whole or not: it has Marian's weights, or its options and no other's weights.
    static func isOne(_ folder: ModelFolder) -> Bool {
        if folder.contains("config.json") { return false }
        return folder.names.contains { isModel($0.withoutGzip, folder) }
            || (optionsName(folder) != nil && !CTranslate2Reader.isOne(folder))
    }

    init(_ folder: ModelFolder) throws(ModelError) {
        self.folder = folder
        let options: Settings?
        if let name = Self.optionsName(folder) {
            options = try FlatYAML.settings(
                folder.bytes(name, byteCountMax: ModelFolder.settingsBytesMax), file: folder.path(name))
        } else {
            options = nil
        }
        self.options = options
        model = try Self.model(folder, options)
        vocabularies = try Self.vocabularies(folder, options)
        languages = Self.languages([model, vocabularies.source] + folder.names)
    }

    private static func optionsName(_ folder: ModelFolder) -> String? {
        let names = folder.names.filter { $0.hasSuffix(".yml") && !MarianVocabulary.isList($0) }
        return ["decoder.yml", "config.yml"].first(where: names.contains)
            ?? names.first { $0.hasSuffix(".decoder.yml") || $0.hasPrefix("config.") }
    }

    /// `model.enfr.bin` is Marian's by its name; `model.bin` may be another's.
    private static func isModel(_ name: String, _ folder: ModelFolder) -> Bool {
        if name.hasSuffix(".npz") { return !name.hasSuffix(".optimizer.npz") }
        guard name.hasPrefix("model"), name.hasSuffix(".bin") else { return false }
        return name.split(separator: ".").count > 2 || MarianBinaryFile.isOne(folder.path(name))
    }

    private static func model(_ folder: ModelFolder, _ options: Settings?) throws(ModelError) -> String {
        let named = try names(options, "models")
        if let options, named.count > 1 {
            throw ModelError(
                .unsupported, file: options.file, "several models that translate together are not supported",
                expected: "one under models", found: named.joined(separator: ", "))
        }
        if let name = named.first {
            try require(name, "which \(options?.file ?? "") names under models", folder)
            return name
        }
        let present = folder.names.filter { isModel($0, folder) }
        guard let name = present.first else {
            try refuseGzip(folder.names.filter { isModel($0.withoutGzip, folder) }, folder)
            throw folder.missing("model.npz", "the model's weights (model.bin would do too)")
        }
        guard present.count == 1 else {
            throw ModelError(
                .contradiction, file: folder.url.path, "the folder holds several models",
                found: present.joined(separator: ", "),
                remedy: "keep one, or name it under models in a config.yml beside them")
        }
        return name
    }

    private static func vocabularies(
        _ folder: ModelFolder, _ options: Settings?
    ) throws(ModelError) -> (source: String, target: String) {
        let named = try names(options, "vocabs")
        if let options, !named.isEmpty {
            guard named.count <= 2 else {
                throw ModelError(
                    .unsupported, file: options.file, "models of several sources are not supported",
                    expected: "two vocabs", found: named.joined(separator: ", "))
            }
            for name in named { try require(name, "which \(options.file) names under vocabs", folder) }
            return (named[0], named[named.count - 1])
        }
        let all = folder.names.filter { MarianVocabulary.isOne($0) && $0 != "source.spm" && $0 != "target.spm" }
        func one(_ prefixes: [String]) -> String? {
            all.first { name in prefixes.contains { name.hasPrefix($0) } }
        }
        if let source = one(["srcvocab", "vocab.src", "src.vocab"]),
            let target = one(["trgvocab", "vocab.trg", "trg.vocab"])
        {
            return (source, target)
        }
        guard let name = all.first else {
            try refuseGzip(folder.names.filter { MarianVocabulary.isOne($0.withoutGzip) }, folder)
            throw folder.missing(
                "vocab.spm", "the model's vocabulary (srcvocab.spm and trgvocab.spm where each side has its own)",
                remedy: "it belongs to the model's other files")
        }
        guard all.count == 1 else {
            throw ModelError(
                .contradiction, file: folder.url.path, "the folder holds several vocabularies",
                found: all.joined(separator: ", "),
                remedy: "name the one of each side under vocabs in a config.yml beside them")
        }
        return (name, name)
    }

    /// The names of files that an option gives: of the last parts of their paths, for a model is a folder.
    static func names(_ options: Settings?, _ key: String) throws(ModelError) -> [String] {
        let elements: [JSONValue]
        switch options?[key] {
        case nil: return []
        case .array(let found)?: elements = found
        case let found?: elements = [found]
        }
        var names: [String] = []
        for element in elements {
            guard case .string(let path) = element, let name = path.split(separator: "/").last, name != "..",
                name != ".", !name.utf8.contains(0)
            else {
                throw ModelError(
                    .invalidValue, file: options?.file ?? "", "\(key) does not name files", found: element.summary)
            }
            names.append(String(name))
        }
        return names
    }

    static func require(_ name: String, _ purpose: String, _ folder: ModelFolder) throws(ModelError) {
        if folder.contains(name) { return }
        try refuseGzip(folder.names.filter { $0 == "\(name).gz" }, folder)
        throw folder.missing(name, purpose)
    }

    private static func refuseGzip(_ names: [String], _ folder: ModelFolder) throws(ModelError) {
        guard let name = names.first(where: { $0.hasSuffix(".gz") }) else { return }
        throw ModelError(
            .unsupported, file: folder.path(name), "the file is compressed",
            remedy: "in the folder, run gunzip *.gz")
    }

    /// Other files' names may hold words of four letters, such as `model.best.npz`.
    private static func languages(_ names: [String]) -> (source: String, target: String)? {
        for name in names where name.hasPrefix("lex.") || name.contains("vocab.") || name.contains(".intgemm") {
            for part in name.split(separator: ".").dropFirst().dropLast() {
                if part.utf8.count == 4, part.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) {
                    return (String(part.prefix(2)), String(part.suffix(2)))
                }
            }
        }
        return nil
    }
}

extension String {
    fileprivate var withoutGzip: String { hasSuffix(".gz") ? String(dropLast(3)) : self }
}
