import ArgumentParser
import DragomanClient

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
            for (broker, endpoint) in connection.client.settings.jobsEndpoints.enumerated() {
                answers.append((endpoint, try await question(connection.client, broker, connection.patience)))
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

    /// Writes a line for each that was removed.
    ///
    /// - Throws: `CommandError`, also when one was not, with the reason.
    func writeRemoved(
        _ removed: [(name: String, tenant: String?)], of names: [String], because reason: (String) -> String
    ) throws(CommandError) {
        var bytes: [UInt8] = []
        for item in removed {
            var text = JSONText()
            text.object { json in
                json.member("name", item.name)
                if let tenant = item.tenant { json.member("tenant", tenant) }
                json.member("state", "removed")
            }
            let line = [[item.name, "removed"] + (item.tenant.map { ["tenant \($0)"] } ?? [])]
            bytes += json ? text.bytes + [UInt8(ascii: "\n")] : Array(TextTable.text(line).utf8)
        }
        try OutputFile.standardOutput.finish(with: bytes)
        let found = Set(removed.map(\.name))
        let problems = names.filter { !found.contains($0) }.map { ControlCharacters.escaped(reason($0)) }
        if !problems.isEmpty { throw CommandError(.requestsFailed, problems.joined(separator: "\ndragoman: ")) }
    }
}
