import DragomanEngine
package import Foundation
import Glibc
package import Hub
import Systemd

/// A model as a command's argument: a folder, or the name of one that was pulled, whole or only its last part.
package enum ModelArgument {
    /// The folders of pulled models, the one to pull into first.
    package static var folders: [ModelsFolder] {
        Directories.models(environment: ProcessInfo.processInfo.environment, isRoot: geteuid() == 0)
            .map(ModelsFolder.init)
    }

    /// The folder that an argument means; without an argument, the demo model's.
    static func folder(_ text: String?) throws(CommandError) -> URL {
        guard let text else { return Translator.demoModel }
        do {
            return URL(filePath: try path(text, in: folders), directoryHint: .isDirectory)
        } catch {
            throw CommandError(.badConfiguration, error.message)
        }
    }

    /// The folders that a setting means, the likeliest first. One that is not there may still come.
    package static func expectedFolders(_ text: String, in folders: [ModelsFolder] = folders) -> [URL] {
        func url(_ path: String) -> URL { URL(filePath: path, directoryHint: .isDirectory) }
        if let found = try? path(text, in: folders) { return [url(found)] }
        let name = text.contains("/") && !isPath(text) ? try? RepositoryName(text) : nil
        return (name.map { name in folders.map { $0.folder(of: name) } } ?? []).map(url) + [url(text)]
    }

    /// Folders go first: what is there under a name stays what it is when a model is pulled.
    package static func path(_ text: String, in folders: [ModelsFolder]) throws(HubError) -> String {
        if isPath(text) || FileManager.default.fileExists(atPath: text) { return text }
        let found = folders.compactMap { folder in
            (try? RepositoryName(text)).flatMap { folder.model($0) }
        }
        if let model = found.first { return model.folder }
        let named = text.contains("/") ? [] : folders.flatMap(\.models).filter { $0.name.name == text }
        // The same model, a user's own and that of all users: the user's.
        guard Set(named.map(\.name)).count <= 1 else {
            throw HubError(
                .invalidName, "\"\(text)\"", "several pulled models have this name",
                found: Set(named.map(\.name)).sorted().map(\.description).joined(separator: ", "),
                remedy: "give the whole name")
        }
        if let model = named.first { return model.folder }
        throw missing(text)
    }

    /// What can only be meant as a path.
    private static func isPath(_ text: String) -> Bool {
        text.isEmpty || ["/", "./", "../", "~"].contains(where: text.hasPrefix) || [".", ".."].contains(text)
            || text.hasSuffix("/") || text.split(separator: "/").count > 2
    }

    private static func missing(_ text: String) -> HubError {
        let isRepository = text.contains("/") && (try? RepositoryName(text)) != nil
        return HubError(
            .notFound, text, "there is no such folder, and no pulled model of this name",
            remedy: isRepository
                ? "to fetch it: dragoman model pull \(text)"
                : "dragoman model list shows those that are there, and dragoman model pull ORGANISATION/NAME fetches one"
        )
    }
}
