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
            or removed by an operator. To see a model's own files, use dragoman model.

            Examples:
              dragoman models list
              dragoman models remove opus-en-de-old

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

        package func validate() throws { try NameArguments.check(names) }

        package func run() async throws {
            let answers = try await list.ask { client, broker, patience throws(ClientError) in
                let removed = try await client.removeModels(names, of: broker, patience: patience)
                let isDone = Set(removed.map(\.name)).isSuperset(of: names)
                return (removed: removed, left: isDone ? [] : try await client.models(of: broker, patience: patience))
            }
            let left = answers.flatMap(\.answer.left)
            try list.writeRemoved(answers.flatMap(\.answer.removed).map { ($0.name, nil) }, of: names) { name in
                guard let model = left.first(where: { $0.name == name }) else {
                    return "no broker knows the model \(name)"
                }
                return model.workers > 0
                    ? "the model \(name) is offered by \(model.workers) workers; take it out of their configuration first"
                    : "the model \(name) is needed by queued jobs; cancel them first, or let them end"
            }
        }
    }
}

/// Names as arguments.
enum NameArguments {
    static func check(_ names: [String]) throws {
        guard names.count <= 1000 else { throw ValidationError("give at most 1000 names, not \(names.count)") }
        for name in names where !(1...128).contains(name.utf8.count) {
            throw ValidationError("a name has 1 to 128 bytes, not \(name.utf8.count)")
        }
    }
}
