internal import Foundation
internal import Tensors

/// The folder that a model's files lie in.
struct ModelFolder {
    /// Limits on the files that are read whole, in bytes. The largest public vocabularies take some 10 MB.
    static let settingsBytesMax = 4 << 20
    static let vocabularyBytesMax = 64 << 20

    let url: URL

    init(_ url: URL) throws(ModelError) {
        var isDirectory: ObjCBool = false
        guard url.isFileURL, FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
            throw ModelError(.missingFile, file: url.path, "there is no such folder")
        }
        guard isDirectory.boolValue else {
            throw ModelError(
                .unreadableFile, file: url.path, "a model is a folder, and this is a file",
                remedy: "give the folder that the file lies in")
        }
        self.url = url
    }

    func file(_ name: String) -> URL { url.appendingPathComponent(name, isDirectory: false) }

    func path(_ name: String) -> String { file(name).path }

    /// A link that leads nowhere counts: it stands for a file that somebody meant to be there.
    func contains(_ name: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path(name))) != nil
    }

    /// Returns the contents of a file; throws when it is longer than `byteCountMax`.
    func bytes(_ name: String, byteCountMax: Int) throws(ModelError) -> [UInt8] {
        let file = try MappedFile(model: path(name))
        let byteCount = file.bytes.count
        guard byteCount <= byteCountMax else {
            throw ModelError(
                .malformedFile, file: path(name), "the file is too large",
                expected: "at most \(byteCountMax) bytes", found: "\(byteCount)")
        }
        return withExtendedLifetime(file) { [UInt8]($0.bytes) }
    }

    func settings(_ name: String) throws(ModelError) -> Settings {
        try Settings(bytes(name, byteCountMax: Self.settingsBytesMax), file: path(name))
    }

    /// Returns the settings of a file, or `nil` when there is none of that name.
    func settingsIfPresent(_ name: String) throws(ModelError) -> Settings? {
        contains(name) ? try settings(name) : nil
    }
}
