/// One segment to decode.
package struct SegmentJob: Sendable {
    package enum Task: Sendable {
        /// Find hypotheses. The index of the segment in its request is part of its random stream.
        case search(segment: Int)
        /// Score these target ids, given without `</s>`.
        case score(target: [Int32])
    }

    /// Source ids, with `</s>` where the model wants it; at least one.
    package var source: [Int32]
    package var task: Task
    package var settings: SearchSettings
    package var priority: Int
    /// What the search chooses from; nil for the whole vocabulary.
    package var shortlist: Shortlist?
    /// Which tokens may fill what the settings' template leaves open: a property of the model.
    package var fillers: TokenTest?

    package init(source: [Int32], task: Task, settings: SearchSettings, priority: Int = 0) {
        precondition(!source.isEmpty, "a segment has at least one source token")
        self.source = source
        self.task = task
        self.settings = settings
        if settings.constraints.noSourceNgramSize > 0 { self.settings.constraints.source = source }
        self.priority = priority
    }

    /// The only tokens that the search chooses from, in ascending order; nil for the whole vocabulary. It is made when the
    /// segment begins: those of all segments that wait would take much memory.
    var listed: [Int32]? {
        guard case .search = task else { return nil }
        let given =
            settings.prefix + (settings.forcedFirstToken.map { [$0] } ?? []) + [settings.endToken]
            + settings.phrases.tokens + (settings.template?.tokens ?? [])
        return shortlist?.tokens(for: source, and: given)
    }

    /// The most hypotheses that live at a time.
    var hypothesisCount: Int {
        switch task {
        case .search: settings.sampling == nil ? settings.beamSize : settings.nBest
        case .score: 1
        }
    }

    /// The most rows that the segment adds to one step.
    var stepRows: Int {
        switch task {
        case .search: max(hypothesisCount, Prompt(settings).tokens.count)
        case .score(let target): target.count + 1
        }
    }

    /// The most decoder positions of a hypothesis.
    var positionCount: Int {
        switch task {
        case .search: settings.maximumLength + 1
        case .score(let target): target.count + 1
        }
    }

    /// What the segment takes of the token budget.
    package var cost: Int { source.count + stepRows }
}
