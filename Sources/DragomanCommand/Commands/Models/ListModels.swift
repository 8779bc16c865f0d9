package import ArgumentParser
import Hub

/// `dragoman model list`
package struct ListModels: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the models that were pulled to this host.",
        discussion: """
            Name, size, revision, commit and folder, of this user's models and of those of all users; and what an \
            interrupted pull has left. The models that workers offer to a broker are listed by dragoman models.

            Exit status: 0, 64 for wrong arguments, 74 when writing fails.
            """
    )

    @Flag(help: "Write a JSON object for each, one a line.")
    var json = false

    package init() {}

    package func run() throws {
        let folders = ModelArgument.folders
        let models = folders.flatMap(\.models)
        let incoming = folders.flatMap { folder in folder.incoming.map { (folder, $0) } }
        guard json else {
            var rows = models.map { model in
                let origin = model.origin
                let revision = origin.revision == origin.commit ? "" : "\(origin.revision) "
                return [
                    "\(model.name)", Quantity.bytes(origin.byteCount), "\(revision)\(origin.commit.prefix(12))",
                    model.folder,
                ]
            }
            rows += incoming.map { folder, part in
                [
                    "\(part.name)", Quantity.bytes(part.byteCount), "incomplete",
                    "to go on: dragoman model pull \(part.name)",
                ]
            }
            if rows.isEmpty {
                try OutputFile.standardError.write(
                    "no model was pulled; dragoman model pull ORGANISATION/NAME fetches one\n")
            }
            return try OutputFile.standardOutput.finish(with: Array(TextTable.text(rows).utf8))
        }
        var bytes: [UInt8] = []
        for model in models {
            var json = JSONText()
            json.object { json in
                json.member("name", "\(model.name)")
                json.member("directory", model.folder)
                json.member("bytes", model.origin.byteCount)
                json.member("endpoint", model.origin.endpoint)
                json.member("revision", model.origin.revision)
                json.member("commit", model.origin.commit)
                json.member("is_complete", true)
            }
            bytes += json.bytes + [UInt8(ascii: "\n")]
        }
        for (folder, part) in incoming {
            var json = JSONText()
            json.object { json in
                json.member("name", "\(part.name)")
                json.member("directory", folder.folder(of: part.name))
                json.member("bytes", part.byteCount)
                json.member("is_complete", false)
            }
            bytes += json.bytes + [UInt8(ascii: "\n")]
        }
        try OutputFile.standardOutput.finish(with: bytes)
    }
}
