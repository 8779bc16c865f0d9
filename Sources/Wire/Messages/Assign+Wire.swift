import CWire
import JobModel

extension Assign: WireMessage {
    init(_ message: Wire__Assign) throws(Flaw) {
        let sources = try messages("sources", message.sources, message.n_sources, Source.init(_:))
        let options = try optionalMessage("options", message.options, message.n_options, SearchOptions.init(_:))
        self.init(
            lease: try Wire.message("lease", message.lease, message.n_lease, LeaseName.init(_:)),
            attempt: message.attempt,
            cost: message.cost_tokens, deadlineMilliseconds: message.deadline_ms == 0 ? nil : message.deadline_ms,
            priority: Int(message.priority), isAlone: message.alone != 0,
            content: ChunkContent(
                sources: sources, options: options ?? SearchOptions(),
                model: try message.model.text("model", atMost: Limit.name),
                languages: LanguageSelection(
                    source: try message.source_language.optionalText("source_language", atMost: Limit.language),
                    target: try message.target_language.optionalText("target_language", atMost: Limit.language)),
                trace: try message.trace.text("trace", atMost: Limit.trace), wantsTokens: message.tokens != 0,
                glossary: try Glossary?(message.glossary, message.n_glossary)))
    }

    func write(to writer: inout MessageWriter) {
        writer.message(1, lease)
        writer.number(2, attempt)
        writer.number(3, cost)
        writer.number(4, deadlineMilliseconds ?? 0)
        writer.number(5, UInt32(clamping: priority))
        writer.text(6, content.model)
        writer.messages(7, content.sources)
        if content.options != SearchOptions() { writer.message(8, content.options) }
        writer.text(9, content.trace)
        writer.flag(10, isAlone)
        writer.flag(11, content.wantsTokens)
        writer.text(12, content.languages.source ?? "")
        writer.text(13, content.languages.target ?? "")
        writer.messages(14, content.glossary?.entries ?? [])
    }
}
