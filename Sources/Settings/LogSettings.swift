/// What is logged, and how.
package struct LogSettings: Sendable, Equatable {
    /// swift-log's levels, by its names.
    package enum Level: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    package enum Format: String, Sendable, CaseIterable {
        /// The journal where standard error goes to it, otherwise text.
        case auto
        case journal
        case text
    }

    package var level = Level.info
    package var format = Format.auto

    package init() {}

    static let table: [Setting<Settings>] = [
        .init("level", \.log.level, .choice, .reload, "The least severe messages that are logged."),
        .init(
            "format", \.log.format, .choice, .restart,
            """
            journal: systemd's journal, with fields; text: lines on standard error; auto: the journal where \
            standard error goes there.
            """),
    ]
}
