package import ArgumentParser
import Hub

/// `dragoman model remove`
package struct RemoveModels: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Deletes models that were pulled to this host.",
        discussion: """
            Deletes the files of pulled models, and what an interrupted pull has left. A worker that has such a model in \
            use keeps it until it unloads it. To have a broker forget a model that workers offered, use dragoman models \
            remove.

            Example:
              dragoman model remove Helsinki-NLP/opus-mt-en-fr

            Exit status: 0, 64 for wrong arguments, 66 when there is no such model, 69 while it is being pulled, 74 when \
            it may not be deleted.
            """
    )

    @Argument(help: ArgumentHelp("A pulled model's name, or its last part.", valueName: "name"))
    var names: [String]

    package init() {}

    package func validate() throws { try ListFlags.check(names) }

    package func run() throws {
        // The folder that is pulled into: what all users share is root's to delete.
        guard let folder = ModelArgument.folders.first else { return }
        var failures: [CommandError] = []
        for name in names {
            do throws(HubError) {
                let model = try Self.model(name, in: folder)
                if try !folder.remove(model) {
                    throw HubError(
                        .notFound, name, "no model of this name was pulled to \(folder.path)",
                        remedy: "dragoman model list shows those that are there")
                }
            } catch {
                failures.append(CommandError(error))
            }
        }
        guard let first = failures.first else { return }
        throw CommandError(first.status, failures.compactMap(\.message).joined(separator: "\ndragoman: "))
    }

    /// The model of a name or of its last part.
    private static func model(_ text: String, in folder: ModelsFolder) throws(HubError) -> RepositoryName {
        let name = try RepositoryName(text)
        let all = folder.models.map(\.name) + folder.incoming.map(\.name)
        let matches = Set(all.filter { $0 == name || (name.owner == nil && $0.name == name.name) })
        if matches.contains(name) { return name }
        guard matches.count <= 1 else {
            throw HubError(
                .invalidName, text, "several models have this name",
                found: matches.sorted().map(\.description).joined(separator: ", "), remedy: "give the whole name")
        }
        return matches.first ?? name
    }
}
