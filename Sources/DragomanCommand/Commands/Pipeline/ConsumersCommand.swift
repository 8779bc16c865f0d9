package import ArgumentParser
import DragomanClient
import JobModel

/// `dragoman consumers`
package struct ConsumersCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "consumers", abstract: "Lists and removes consumers' places in the result log.",
        discussion: """
            A broker keeps the place of every name that results were read under, and keeps records until all consumers \
            have acknowledged them. A consumer that has not attached for a time (store.consumer_abandoned_days) no \
            longer counts, but keeps its place. One that is not needed any more is better removed.

            Examples:
              dragoman consumers list
              dragoman consumers remove nightly

            A consumer that is attached cannot be removed: stop it first. One that attaches under the name of one that \
            was removed begins at the oldest record that is kept.

            Exit status: 0, 1 when a consumer is attached or there is none of that name, 64 for wrong arguments, 69 when \
            no broker answers, 74 when writing fails, 76 when one refuses, 77 when the key may not do this.
            """,
        subcommands: [List.self, Remove.self])

    package init() {}

    package struct List: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Lists consumers, and how far they have read.")

        @OptionGroup(title: "Tenants")
        var tenants: TenantFlags
        @OptionGroup
        var list: ListFlags

        package init() {}

        package func run() async throws {
            let scope = tenants.scope
            let lists = try await list.ask { client, broker, patience throws(ClientError) in
                try await client.consumers(of: broker, scope: scope, patience: patience)
            }
            try list.write(lists, table: { StatusText.consumers($0, lastSequence: 0) }) { json, consumer, endpoint in
                json.consumer(consumer, endpoint: endpoint)
            }
        }
    }

    package struct Remove: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Forgets consumers, so that records are no longer kept for them.")

        @Argument(help: ArgumentHelp("A consumer's name.", valueName: "name"))
        var names: [String]
        @OptionGroup(title: "Tenants")
        var tenants: TenantFlags
        @OptionGroup
        var list: ListFlags

        package init() {}

        package func validate() throws { try ListFlags.check(names) }

        package func run() async throws {
            let scope = tenants.scope
            try await list.remove(names) { client, broker, patience throws(ClientError) in
                try await client.removeConsumers(names, of: broker, scope: scope, patience: patience)
            } rest: { client, broker, patience throws(ClientError) in
                try await client.consumers(of: broker, scope: scope, patience: patience)
            } because: { name, rest in
                rest.contains { $0.name == name && $0.isAttached }
                    ? "the consumer \(name) is attached; stop it first" : "there is no consumer \(name)"
            }
        }
    }
}
