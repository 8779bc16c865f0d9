import CWire
package import JobModel

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
        glossary = try Glossary?(message.glossary, message.n_glossary)
        glossaryName = try message.glossary_name.optionalText("glossary_name", atMost: Limit.name)
    }

    func write(to writer: inout MessageWriter) {
        writer.jobID(1, id)
        writer.data(2, digest)
        writer.text(3, model.name ?? "")
        writer.text(4, model.languages.source ?? "")
        writer.text(5, model.languages.target ?? "")
        writer.messages(6, sources)
        if options != SearchOptions() { writer.message(7, options) }
        writer.number(8, priority)
        writer.number(9, deadlineMilliseconds ?? 0)
        writer.number(10, maximumAttempts ?? 0)
        writer.text(11, topic)
        writer.text(12, trace)
        writer.flag(13, wantsPartialResults)
        writer.flag(14, wantsTokens)
        writer.messages(15, glossary?.entries ?? [])
        writer.text(16, glossaryName ?? "")
    }
}

extension Job {
    /// What the job takes in a SUBMIT, in bytes: never less than it does, so that a frame cut by it always fits.
    package var frameByteCount: Int {
        var writer = MessageWriter()
        write(to: &writer)
        // With its tag and length, and the envelope around it, should it be alone.
        return writer.bytes.count + 112
    }
}

extension ModelSelection {
    fileprivate init(_ message: Wire__Job) throws(Flaw) {
        let name = try message.model.optionalText("model", atMost: Limit.name)
        let languages = LanguageSelection(
            source: try message.source_language.optionalText("source_language", atMost: Limit.language),
            target: try message.target_language.optionalText("target_language", atMost: Limit.language))
        guard let selection = ModelSelection(model: name, languages: languages) else {
            throw Flaw(
                languages.source == nil ? "source_language" : "target_language",
                "is missing; give both languages, or neither, or the model too")
        }
        self = selection
    }
}
