package import ArgumentParser

/// `dragoman model`
package struct Model: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Says what a model is; packs models, checks and times them.",
        subcommands: [Inspect.self, Import.self, CheckModel.self, TimeModel.self]
    )

    package init() {}
}
