import ArgumentParser
package import JobModel

/// Which jobs are meant, by what is known of them.
package struct JobFilterFlags: ParsableArguments {
    @Option(
        name: .customLong("state"),
        help: ArgumentHelp(
            """
            Only jobs in this state: queued, running, done, dead, expired, cancelled, or any; may be repeated. (default: \
            queued and running)
            """, valueName: "state"), completion: .list(JobState.names + [JobState.anyName]),
        transform: JobState.argument)
    private var namedStates: [Set<JobState>] = []

    @OptionGroup
    private var traits: JobTraitFlags

    package init() {}

    package var filter: JobFilter { traits.filter(of: namedStates.joined, or: JobFilter.unfinished) }
}

/// Which jobs that have not ended are meant.
package struct UnfinishedJobFlags: ParsableArguments {
    @Option(
        name: .customLong("state"),
        help: ArgumentHelp(
            """
            Only jobs in this state when they are listed: queued or running; may be repeated. One that was queued may be \
            running when it is cancelled. (default: both)
            """, valueName: "state"), completion: .list(JobState.unfinishedNames),
        transform: JobState.unfinishedArgument)
    private var namedStates: [Set<JobState>] = []

    @OptionGroup
    private var traits: JobTraitFlags

    package init() {}

    /// Whether nothing is said of jobs.
    var isEmpty: Bool { namedStates.isEmpty && traits.isEmpty }

    package var filter: JobFilter { traits.filter(of: namedStates.joined, or: JobFilter.unfinished) }
}

/// Which jobs are meant, whatever their state.
package struct JobTraitFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Only jobs that were submitted with this topic.", valueName: "word"))
    var topic: String?

    @Option(help: ArgumentHelp("Only jobs for this model.", valueName: "name"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Only jobs that were accepted this long ago or earlier: 90s, 15m, 2h or 7d.", valueName: "age"),
        transform: Age.argument)
    var olderThan: Age?

    package init() {}

    package func validate() throws {
        for (flag, text, most) in [("--topic", topic, Limit.topic), ("--model", model, Limit.name)] {
            if let text, !(1...most).contains(text.utf8.count) {
                throw ValidationError("\(flag) must have 1 to \(most) bytes, not \(text.utf8.count)")
            }
        }
    }

    fileprivate var isEmpty: Bool { topic == nil && model == nil && olderThan == nil }

    fileprivate func filter(of states: Set<JobState>, or standard: Set<JobState>) -> JobFilter {
        var filter = JobFilter()
        filter.states = states.isEmpty ? standard : states
        filter.topic = topic
        filter.model = model
        filter.olderThanMilliseconds = olderThan?.milliseconds ?? 0
        return filter
    }
}

extension [Set<JobState>] {
    fileprivate var joined: Set<JobState> { reduce(into: []) { $0.formUnion($1) } }
}

extension JobState {
    fileprivate static let names = allCases.map { "\($0)" }
    fileprivate static let anyName = "any"

    @Sendable fileprivate static func argument(_ text: String) throws -> Set<JobState> {
        if text == anyName { return Set(allCases) }
        guard let state = allCases.first(where: { "\($0)" == text }) else {
            throw ValidationError("a state is one of \(names.joined(separator: ", ")) and \(anyName), not \"\(text)\"")
        }
        return [state]
    }

    fileprivate static let unfinishedNames = ["\(JobState.queued)", "\(JobState.running)"]

    @Sendable fileprivate static func unfinishedArgument(_ text: String) throws -> Set<JobState> {
        guard unfinishedNames.contains(text) else {
            throw ValidationError(
                "--state must be \(unfinishedNames.joined(separator: " or ")), not \"\(text)\": other jobs have ended")
        }
        return try argument(text)
    }
}
