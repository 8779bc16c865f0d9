internal import Foundation
internal import Tensors
internal import Wording

/// The folder that a model's files lie in.
struct ModelFolder {
    /// Limits on the files that are read whole, in bytes. The largest public vocabularies take some 10 MB.
    static let settingsBytesMax = 4 << 20
    static let vocabularyBytesMax = 64 << 20

    let url: URL
    /// The names of all files and folders in it, sorted.
    let names: [String]

    init(_ url: URL) throws(ModelError) {
        var isDirectory: ObjCBool = false
        guard url.isFileURL, FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
            throw ModelError(
                .missingFile, file: url.path, "there is no such folder",
                remedy: "dragoman model pull fetches models from the hub")
        }
        guard isDirectory.boolValue else {
            throw ModelError(
                .unreadableFile, file: url.path, "a model is a folder, and this is a file",
                remedy: "give the folder that the file lies in")
        }
        let url = try Self.snapshot(in: url) ?? url
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
        } catch {
            throw ModelError(
                .unreadableFile, file: url.path, "the folder cannot be read: \(error.reason)",
                remedy: "give this user the right to read and to search it")
        }
        self.url = url
    }

    /// The folder itself, where `url` is a repository's place in the hub's cache (`models--ORGANISATION--NAME`): there,
    /// `refs/main` names the folder under `snapshots` that was fetched last.
    private static func snapshot(in url: URL) throws(ModelError) -> URL? {
        func names(in folder: URL) -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
        }
        let snapshots = url.appendingPathComponent("snapshots", isDirectory: true)
        let revisions = names(in: snapshots)
        guard !revisions.isEmpty, !names(in: url).contains("config.json") else { return nil }
        let main = try? String(contentsOf: url.appendingPathComponent("refs/main"), encoding: .utf8)
        let revision = main?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        if revisions.contains(revision) { return snapshots.appendingPathComponent(revision, isDirectory: true) }
        guard revisions.count == 1 else {
            throw ModelError(
                .missingFile, file: url.path, "a hub's cache of several revisions, and refs/main names none of them",
                found: revisions.joined(separator: ", "), remedy: "give one of the folders under snapshots")
        }
        return snapshots.appendingPathComponent(revisions[0], isDirectory: true)
    }

    func file(_ name: String) -> URL { url.appendingPathComponent(name, isDirectory: false) }

    func path(_ name: String) -> String { file(name).path }

    /// A link that leads nowhere counts: it stands for a file that somebody meant to be there.
    func contains(_ name: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path(name))) != nil
    }

    /// What is wrong with a folder that lacks a file.
    ///
    /// - Parameter purpose: What a model needs the file for.
    func missing(_ name: String, _ purpose: String, remedy: String? = nil) -> ModelError {
        var found = names.isEmpty ? "an empty folder" : names.prefix(12).joined(separator: ", ")
        if names.count > 12 { found += " and \(names.count - 12) more" }
        return ModelError(
            .missingFile, file: path(name), "the folder lacks \(name), \(purpose)", found: ModelError.printable(found),
            remedy: remedy)
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

    func settings(_ name: String, byteCountMax: Int = settingsBytesMax) throws(ModelError) -> Settings {
        try Settings(bytes(name, byteCountMax: byteCountMax), file: path(name))
    }

    /// Returns the settings of a file, or `nil` when there is none of that name.
    func settingsIfPresent(_ name: String) throws(ModelError) -> Settings? {
        contains(name) ? try settings(name) : nil
    }
}
