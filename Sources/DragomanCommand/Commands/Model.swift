package import ArgumentParser

/// `dragoman model`
package struct Model: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "This host's models: fetches, lists and removes them, says what one is, packs, checks and times it.",
        discussion: """
            To see or change which models a broker knows from its workers, use dragoman models.
            """,
        subcommands: [
            PullModel.self, ListModels.self, RemoveModels.self, Inspect.self, Import.self, CheckModel.self,
            TimeModel.self,
        ]
    )

    package init() {}
}
