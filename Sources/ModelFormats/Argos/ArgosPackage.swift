internal import Archives
internal import Foundation
internal import Inference
internal import Tensors

/// A package of Argos Translate or LibreTranslate: a folder with `metadata.json`, a CTranslate2 folder called `model`, and
/// the SentencePiece model of both sides (`argostranslate/package.py`). What else is in it, such as a model that finds
/// sentences, is not read: Dragoman has its own.
enum ArgosPackage {
    static let metadata = "metadata.json"
    private static let modelName = "model"
    private static let piecesName = "sentencepiece.model"
    /// Codes of subword-nmt, for words that Moses' rules have cut: older packages have them.
    private static let codesName = "bpe.model"

    static func isOne(_ folder: ModelFolder) -> Bool { folder.contains(metadata) && folder.contains(modelName) }

    static func load(_ folder: ModelFolder) throws(ModelError) -> ModelBundle {
        let settings = try folder.settings(metadata)
        let type = try settings.string("type") ?? "translate"
        guard type == "translate" else {
            throw ModelError(
                .unsupported, file: settings.file, "not a package that translates", expected: "\"translate\"",
                found: ModelError.quoted(type))
        }
        if let prefix = try settings.string("target_prefix"), !prefix.isEmpty {
            throw ModelError(
                .unsupported, file: settings.file, "target_prefix is set, which is not supported",
                found: ModelError.quoted(prefix))
        }
        let model = try ModelFolder(folder.url.appendingPathComponent(modelName, isDirectory: true))
        if folder.contains(codesName), !folder.contains(piecesName) {
            // The model itself is in order; only texts cannot be cut.
            return try named(CTranslate2Reader.load(model, hasLanguages: false), settings)
        }
        return try named(CTranslate2Reader.load(model, pieces: [folder], hasLanguages: false), settings)
    }

    private static func named(_ bundle: ModelBundle, _ settings: Settings) throws(ModelError) -> ModelBundle {
        var bundle = bundle
        bundle.languages = ModelLanguages(
            source: try settings.string("from_code"), target: try settings.string("to_code"))
        // What Argos Translate asks of CTranslate2 (`apply_packaged_translation`).
        bundle.defaults.beamSize = 4
        bundle.defaults.lengthPenalty = 0.2
        return bundle
    }
}

extension ArgosPackage {
    /// Reads a package as it is downloaded: a zip archive, `.argosmodel`. The files that a model needs are unpacked for as
    /// long as the bundle's are read.
    static func load(archive path: String) throws(ModelError) -> ModelBundle {
        let file = try MappedFile(model: path)
        let unpacked = try withExtendedLifetime(file) { (file) throws(ModelError) -> UnpackedFolder in
            let archive = try ZipArchive(file.bytes, file: path)
            let root = archive.files.keys.compactMap { name -> String? in
                guard name == metadata || name.hasSuffix("/\(metadata)") else { return nil }
                return String(name.dropLast(metadata.count))
            }.min { $0.utf8.count < $1.utf8.count }
            guard let root, !root.dropLast().contains("/") else {
                throw ModelError(
                    .unsupported, file: path, "a zip archive, but no package of Argos Translate: it has no \(metadata)",
                    remedy: "unpack it, and give the folder that the model lies in")
            }
            return try UnpackedFolder(archive, in: file) { name in
                guard name.hasPrefix(root) else { return nil }
                let parts = name.dropFirst(root.count).split(separator: "/", omittingEmptySubsequences: false)
                let isFile = parts.count == 1 && [metadata, piecesName, codesName].contains(String(parts[0]))
                let isModel = parts.count == 2 && parts[0] == modelName && !["", ".", ".."].contains(parts[1])
                return isFile || isModel ? parts.joined(separator: "/") : nil
            }
        }
        let folder = try ModelFolder(unpacked.url)
        guard isOne(folder) else {
            throw ModelError(
                .missingFile, file: path, "the package has no folder \(modelName)", remedy: "download it again")
        }
        var bundle = try load(folder)
        bundle.unpacked = unpacked
        return bundle
    }

    /// Whether a file is an archive.
    static func isArchive(_ url: URL) -> Bool {
        guard url.isFileURL, let file = try? MappedFile(path: url.path) else { return false }
        return withExtendedLifetime(file) { ZipArchive.isArchive($0.bytes) }
    }
}
