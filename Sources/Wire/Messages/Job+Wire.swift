import CWire
import JobModel

extension Job: WireMessage {
    /// Priority, attempts, and the number of sources are for the dispatcher to judge, which refuses a job, not a frame.
    init(_ message: Wire__Job) throws(Flaw) {
        self.init(
            id: try message.job_id.jobID("job_id"),
            try messages("sources", message.sources, message.n_sources, Source.init(_:)))
        digest = try message.digest.bytes("digest", atMost: Limit.digest)
        model = try ModelSelection(message)
        options =
            try optionalMessage("options", message.options, message.n_options, SearchOptions.init(_:))
            ?? SearchOptions()
        priority = Int(message.priority)
        deadlineMilliseconds = message.deadline_ms == 0 ? nil : message.deadline_ms
        maximumAttempts = message.max_attempts == 0 ? nil : Int(message.max_attempts)
        topic = try message.topic.text("topic", atMost: Limit.topic)
        trace = try message.trace.text("trace", atMost: Limit.trace)
        wantsPartialResults = message.partial_results != 0
        wantsTokens = message.tokens != 0
    }

    func write(to writer: inout MessageWriter) {
        writer.jobID(1, id)
        writer.data(2, digest)
        switch model {
        case .onlyOne: break
        case .named(let name): writer.text(3, name)
        case .languages(let source, let target):
            writer.text(4, source)
            writer.text(5, target)
        }
        writer.messages(6, sources)
        if options != SearchOptions() { writer.message(7, options) }
        writer.number(8, priority)
        writer.number(9, deadlineMilliseconds ?? 0)
        writer.number(10, maximumAttempts ?? 0)
        writer.text(11, topic)
        writer.text(12, trace)
        writer.flag(13, wantsPartialResults)
        writer.flag(14, wantsTokens)
    }
}

extension ModelSelection {
    fileprivate init(_ message: Wire__Job) throws(Flaw) {
        let name = try message.model.text("model", atMost: Limit.name)
        let source = try message.source_language.text("source_language", atMost: Limit.language)
        let target = try message.target_language.text("target_language", atMost: Limit.language)
        switch (name.isEmpty, source.isEmpty, target.isEmpty) {
        case (true, true, true): self = .onlyOne
        case (false, true, true): self = .named(name)
        case (true, false, false): self = .languages(source: source, target: target)
        case (false, _, _):
            throw Flaw("model", "is given beside languages; give a model, or both languages, or nothing")
        case (true, true, false), (true, false, true):
            throw Flaw(
                source.isEmpty ? "source_language" : "target_language", "is missing; give both languages or neither")
        }
    }
}
