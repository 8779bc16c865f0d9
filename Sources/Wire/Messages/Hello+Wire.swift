import CWire
import JobModel

extension Hello: WireMessage {
    init(_ message: Wire__Hello) throws(Flaw) {
        self.init(
            instance: try message.instance.text("instance", atMost: Limit.name),
            models: try messages("models", message.models, message.n_models, ModelOffer.init(_:)),
            leases: try messages("leases", message.leases, message.n_leases, LeaseName.init(_:)),
            window: message.window_tokens, incarnation: message.incarnation == 0 ? nil : message.incarnation,
            unavailableModels: try messages(
                "unavailable_models", message.unavailable_models, message.n_unavailable_models,
                UnavailableModel.init(_:)))
    }

    func write(to writer: inout MessageWriter) {
        writer.text(1, instance)
        writer.messages(2, models)
        writer.messages(3, leases)
        writer.number(4, window)
        writer.number(5, incarnation ?? 0)
        writer.messages(6, unavailableModels)
    }
}

extension UnavailableModel: WireMessage {
    init(_ message: Wire__UnavailableModel) throws(Flaw) {
        self.init(
            name: try message.name.text("name", atMost: Limit.name),
            reason: try message.reason.text("reason", atMost: Limit.reason))
    }

    func write(to writer: inout MessageWriter) {
        writer.text(1, name)
        writer.text(2, reason)
    }
}

extension ModelOffer: WireMessage {
    fileprivate init(_ message: Wire__ModelOffer) throws(Flaw) {
        self.init(
            name: try message.name.text("name", atMost: Limit.name),
            sourceLanguage: try message.source_language.text("source_language", atMost: Limit.language),
            targetLanguage: try message.target_language.text("target_language", atMost: Limit.language),
            languages: try LanguageSet.list("languages", message.languages, message.n_languages))
    }

    func write(to writer: inout MessageWriter) {
        writer.text(1, name)
        writer.text(2, sourceLanguage)
        writer.text(3, targetLanguage)
        writer.messages(4, languages)
    }
}

extension Welcome: WireMessage {
    init(_ message: Wire__Welcome) throws(Flaw) {
        self.init(
            epoch: message.epoch, heartbeatMilliseconds: message.heartbeat_ms,
            silenceMilliseconds: message.silence_ms,
            leases: try messages("leases", message.leases, message.n_leases, LeaseName.init(_:)))
    }

    func write(to writer: inout MessageWriter) {
        writer.number(1, epoch)
        writer.number(2, heartbeatMilliseconds)
        writer.number(3, silenceMilliseconds)
        writer.messages(4, leases)
    }
}
