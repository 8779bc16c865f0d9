import ArgumentParser
import DragomanClient
import JobModel

/// How to ask brokers for lists, and how to write them.
package struct ListFlags: ParsableArguments {
    @Flag(help: "Write one JSON object a line.")
    var json = false

    @OptionGroup(title: "Brokers")
    var connection: ConnectionFlags

    package init() {}

    /// Asks the brokers one after the other.
    ///
    /// - Returns: Each broker's answer, by its endpoint.
    func ask<Answer>(
        _ question: (Client, Int, Duration) async throws(ClientError) -> Answer
    ) async throws(CommandError) -> [(endpoint: String, answer: Answer)] {
        let connection = try connection.connection()
        var answers: [(String, Answer)] = []
        do throws(ClientError) {
            for broker in connection.client.settings.jobsEndpoints.indices {
                let answer = try await question(connection.client, broker, connection.patience)
                answers.append((connection.client.address(of: broker), answer))
            }
        } catch {
            throw CommandError(error)
        }
        return answers
    }

    /// Writes a table of each broker's items, or a JSON object of each item.
    func write<Item>(
        _ lists: [(endpoint: String, answer: [Item])], table: ([Item]) -> [[String]],
        object: (inout JSONText, Item, String) -> Void
    ) throws(CommandError) {
        var bytes: [UInt8] = []
        for (endpoint, items) in lists {
            if json {
                for item in items {
                    var text = JSONText()
                    object(&text, item, endpoint)
                    bytes += text.bytes + [UInt8(ascii: "\n")]
                }
            } else if !items.isEmpty {
                if lists.count > 1 { bytes += Array("\(bytes.isEmpty ? "" : "\n")\(endpoint)\n".utf8) }
                bytes += Array(TextTable.text(table(items)).utf8)
            }
        }
        try OutputFile.standardOutput.finish(with: bytes)
    }

    /// Removes items by their names, and writes a line for each that was removed.
    ///
    /// - Parameters:
    ///   - removal: Asks a broker to remove them, and returns those that it has removed.
    ///   - rest: Asks a broker for what it has, where some were not removed.
    ///   - reason: Why an item of this name was not removed, as the rest tells.
    /// - Throws: `CommandError`, also when one was not removed, with the reason.
    func remove<Item: NamedItem>(
        _ names: [String], removal: (Client, Int, Duration) async throws(ClientError) -> [Item],
        rest: (Client, Int, Duration) async throws(ClientError) -> [Item], because reason: (String, [Item]) -> String
    ) async throws(CommandError) {
        let answers = try await ask { client, broker, patience throws(ClientError) in
            let removed = try await removal(client, broker, patience)
            let isDone = Set(removed.map(\.name)).isSuperset(of: names)
            return (removed: removed, rest: isDone ? [] : try await rest(client, broker, patience))
        }
        let left = answers.flatMap(\.answer.rest)
        try write(answers.flatMap(\.answer.removed), of: names) { reason($0, left) }
    }

    private func write<Item: NamedItem>(
        _ removed: [Item], of names: [String], because reason: (String) -> String
    ) throws(CommandError) {
        var bytes: [UInt8] = []
        for item in removed {
            var text = JSONText()
            text.object { json in
                json.member("name", item.name)
                if let tenant = item.ownTenant { json.member("tenant", tenant) }
                json.member("state", "removed")
            }
            let line = [[item.name, "removed"] + (item.ownTenant.map { ["tenant \($0)"] } ?? [])]
            bytes += json ? text.bytes + [UInt8(ascii: "\n")] : Array(TextTable.text(line).utf8)
        }
        try OutputFile.standardOutput.finish(with: bytes)
        let found = Set(removed.map(\.name))
        let problems = names.filter { !found.contains($0) }.map { ControlCharacters.escaped(reason($0)) }
        if !problems.isEmpty { throw CommandError(.requestsFailed, problems.joined(separator: "\ndragoman: ")) }
    }

    static func check(_ names: [String]) throws {
        guard names.count <= 1000 else { throw ValidationError("give at most 1000 names, not \(names.count)") }
        for name in names where !(1...128).contains(name.utf8.count) {
            throw ValidationError("a name has 1 to 128 bytes, not \(name.utf8.count)")
        }
    }
}

/// What a broker lists, and removes by its name.
protocol NamedItem: Sendable {
    var name: String { get }
    /// Whose it is; nil: it is every tenant's.
    var ownTenant: String? { get }
}

extension StatusReport.ConsumerStatus: NamedItem {
    var ownTenant: String? { tenant }
}

extension StatusReport.ModelStatus: NamedItem {
    var ownTenant: String? { nil }
}
