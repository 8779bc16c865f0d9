/// Something that keeps settings from being used: where, what, and what to do.
package struct SettingsProblem: Sendable, Equatable, CustomStringConvertible {
    /// `/etc/dragoman/dragoman.yaml:12`, or an environment variable's name.
    package let place: String
    package let what: String
    package let remedy: String

    package var description: String { "\(place): \(what); \(remedy)" }
}

/// All problems at once, so that one look mends them.
package struct InvalidSettings: Error, Sendable, Equatable, CustomStringConvertible {
    package let problems: [SettingsProblem]

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
