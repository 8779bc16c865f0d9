package import ArgumentParser

/// `dragoman model`
package struct Model: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Says what a model is.",
        subcommands: [Inspect.self]
    )

    package init() {}
}
