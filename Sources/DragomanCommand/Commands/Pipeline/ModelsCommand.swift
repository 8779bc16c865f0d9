package import ArgumentParser
import DragomanClient
import JobModel

/// `dragoman models`
package struct ModelsCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists and removes the models that brokers know from their workers.",
        discussion: """
            A broker remembers the models that workers have offered, so that jobs for them can be queued while no worker \
            runs. One that no worker offers and no job needs is forgotten after a time (limits.offer_retention_hours), \
            or removed by an operator. The models on this host, and their files, are dragoman model's.

            Examples:
              dragoman models list
              dragoman models remove opus-en-de-old

            Of a model of many languages the list says how many there are; with --json it names them all, as sets: from each \
            "source" into each "target", where no "source" is any language.

            A model that a worker offers, or that jobs need, cannot be removed.

            Exit status: 0, 1 when a model is in use or not known, 64 for wrong arguments, 69 when no broker answers, 74 \
            when writing fails, 76 when one refuses, 77 when the key may not do this.
            """,
        subcommands: [List.self, Remove.self])

    package init() {}

    package struct List: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Lists models, and how many workers offer each.")

        @OptionGroup
        var list: ListFlags

        package init() {}

        package func run() async throws {
            let lists = try await list.ask { client, broker, patience throws(ClientError) in
                try await client.models(of: broker, patience: patience)
            }
            try list.write(lists, table: { StatusText.models($0, of: "") }) { json, model, endpoint in
                json.model(model, endpoint: endpoint)
            }
        }
    }

    package struct Remove: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Forgets models that no worker offers; with an operator's key.")

        @Argument(help: ArgumentHelp("A model's name.", valueName: "name"))
        var names: [String]
        @OptionGroup
        var list: ListFlags

        package init() {}

        package func validate() throws { try ListFlags.check(names) }

        package func run() async throws {
            try await list.remove(names) { client, broker, patience throws(ClientError) in
                try await client.removeModels(names, of: broker, patience: patience)
            } rest: { client, broker, patience throws(ClientError) in
                try await client.models(of: broker, patience: patience)
            } because: { name, rest in
                guard let model = rest.first(where: { $0.name == name }) else {
                    return "no broker knows the model \(name)"
                }
                guard model.workers > 0 else {
                    return "the model \(name) is needed by queued jobs; cancel them first, or let them end"
                }
                let workers = Quantity.counted(model.workers, "worker")
                return "the model \(name) is offered by \(workers); take it out of the configuration there first"
            }
        }
    }
}
