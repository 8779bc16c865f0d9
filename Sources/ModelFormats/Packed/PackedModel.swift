internal import CKernels
package import Foundation
package import Inference
import Tensors
internal import Wording

/// A model as `dragoman model import` writes it: one safetensors file in a folder of its own, with all that loading would
/// otherwise have to make, in the layout in which it is used.
///
/// | part | where |
/// |---|---|
/// | format, version, layout of the matrices | the file's metadata |
/// | configuration, defaults of the search, precision, languages | `model` in the metadata, a `PackedDescription` as JSON |
/// | what the layers compute with | tensors named as the layers ask for them: `encoder.0.feed_forward.up.levels` |
/// | embeddings, as the model's files have them | `embedding`, or `encoder.embedding` and `decoder.embedding` |
/// | vocabularies and SentencePiece models | `source.*` and `target.*`: see `PackedTokenizer` |
/// | a shortlist, where the model has one | `shortlist.offsets`, `shortlist.tokens` |
package enum PackedModel {
    package static let fileName = "packed.safetensors"

    static let format = "dragoman packed model"
    /// Of everything but the matrices, which `layout` is for.
    static let version = "1"
    static let layout = DRAGOMAN_LAYOUT

    enum Key {
        static let format = "format"
        static let version = "version"
        static let layout = "layout"
        static let model = "model"
    }

    /// What a reader that cannot use a file tells its user.
    static let remedy = "import the model again with this version of dragoman: dragoman model import"

    /// The path of the file in a folder.
    ///
    /// - Throws: `ModelError` when there is none.
    package static func file(in url: URL) throws(ModelError) -> String {
        let folder = try ModelFolder(url)
        guard folder.contains(fileName) else {
            throw ModelError(
                .missingFile, file: folder.path(fileName), "only packed models have a checksum",
                remedy: "make one with dragoman model import")
        }
        return folder.path(fileName)
    }

    package static func load(_ path: String) throws(ModelError) -> ModelBundle {
        let file = try SafeTensorsFile(path: path, isReadOften: true)
        let description = try description(of: file)
        return ModelBundle(
            configuration: description.configuration,
            defaults: description.defaults,
            weights: PackedWeights(file, description.configuration),
            packedPrecision: description.precision,
            storedPrecision: "\(description.precision.rawValue), packed",
            file: file.path,
            storedBytes: file.byteCount,
            parameterCount: description.parameterCount,
            tokenizer: .packed(try PackedTokenizer(file)),
            languages: description.languages,
            shortlist: try shortlist(file, description))
    }

    private static let shortlistTables = (offsets: "shortlist.offsets", tokens: "shortlist.tokens")

    private static func shortlist(
        _ file: SafeTensorsFile, _ description: PackedDescription
    ) throws(ModelError) -> Shortlist? {
        guard let rules = description.shortlist else { return nil }
        let offsets: Block<Int32> = try file.block(shortlistTables.offsets)
        let tokens: Block<Int32> = try file.block(shortlistTables.tokens)
        guard let shortlist = Shortlist(rules: rules, offsets: offsets, tokens: tokens, description.configuration)
        else {
            throw ModelError(
                .contradiction, file: file.path, tensor: shortlistTables.offsets,
                "the shortlist does not fit the model's vocabularies", remedy: remedy)
        }
        return shortlist
    }

    /// Reads the whole file at `path`, and compares its contents with their checksum.
    ///
    /// - Throws: `ModelError`, with the code `checksumMismatch` when a bit is not as it was written.
    package static func check(_ path: String) throws(ModelError) {
        let file = try SafeTensorsFile(path: path)
        _ = try description(of: file)
        let (expected, found) = (file.metadata[SafeTensorsWriter.dataChecksum] ?? "none", file.dataChecksum)
        guard expected == found else {
            throw ModelError(
                .checksumMismatch, file: file.path, "the data is not what was written", expected: expected,
                found: found, remedy: "copy the file again, or import the model again")
        }
    }

    /// Writes a packed model into a folder, which is made if need be.
    ///
    /// - Parameter check: Is given the new file before it takes the place of an older one, which stays if it throws.
    /// - Throws: `ModelError`, and what else `check` throws.
    package static func write(
        _ description: PackedDescription, weights: [SafeTensorsWriter.Tensor], tokenizer: PackedTokenizer,
        shortlist: Shortlist? = nil, to url: URL,
        checking check: (_ file: String) throws -> Void
    ) throws {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw ModelError(.unwritableFile, file: url.path, "mkdir: \(error.reason)")
        }
        let folder = try ModelFolder(url)
        guard !folder.contains("config.json"), !MarianFolder.isOne(folder) else {
            throw ModelError(
                .contradiction, file: folder.url.path, "the output folder holds another model",
                remedy: "give a folder of its own")
        }
        var writer = SafeTensorsWriter()
        writer.metadata = [
            Key.format: format, Key.version: version, Key.layout: layout, Key.model: try description.json(),
        ]
        writer.tensors = weights + tokenizer.tensors
        if let shortlist {
            writer.tensors += [
                .init(shortlistTables.offsets, shortlist.offsets), .init(shortlistTables.tokens, shortlist.tokens),
            ]
        }
        let path = folder.path(fileName)
        try writer.write(to: path) { file in
            do {
                try check(file)
            } catch let error as ModelError {
                // By its lasting name: `file` is gone when this is read.
                throw ModelError(
                    error.code, file: path, tensor: error.tensor,
                    "not written, for what would be in it fails its check: \(error.problem)", expected: error.expected,
                    found: error.found, remedy: error.remedy)
            }
        }
    }

    /// Checks that the file is of this format and version, and as it was written but for the tensors' data, and reads what
    /// the model is.
    private static func description(of file: SafeTensorsFile) throws(ModelError) -> PackedDescription {
        let metadata = file.metadata
        func require(_ key: String, _ expected: String, _ problem: String) throws(ModelError) {
            guard metadata[key] != expected else { return }
            throw ModelError(
                .unsupported, file: file.path, problem, expected: ModelError.quoted(expected),
                found: metadata[key].map { ModelError.quoted($0) } ?? "none", remedy: remedy)
        }
        try require(Key.format, format, "not a packed model")
        try require(Key.version, version, "a packed model of another version")
        try require(Key.layout, layout, "its matrices are packed for other kernels")
        let (expected, found) = (metadata[SafeTensorsWriter.headerChecksum] ?? "none", file.headerChecksum)
        guard expected == found else {
            throw ModelError(
                .checksumMismatch, file: file.path, "the header is not what was written",
                expected: ModelError.quoted(expected), found: found, remedy: remedy)
        }
        return try PackedDescription(json: metadata[Key.model] ?? "", file: file.path)
    }
}
