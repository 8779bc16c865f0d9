import CWire
import JobModel

extension GlossaryRequest: WireMessage {
    init(_ message: Wire__GlossaryRequest) throws(Flaw) {
        func names() throws(Flaw) -> [String] {
            try texts("names", message.names, message.n_names, atMost: Limit.name)
        }
        switch message.verb {
        case WIRE__GLOSSARY_REQUEST__VERB__LIST: self = .list
        case WIRE__GLOSSARY_REQUEST__VERB__GET:
            let names = try names()
            guard names.count == 1 else { throw Flaw("names", "has \(names.count) elements; GET is for one name") }
            self = .get(names[0])
        case WIRE__GLOSSARY_REQUEST__VERB__PUT:
            self = .put(
                try Wire.message("glossary", message.glossary, message.n_glossary) { (glossary) throws(Flaw) in
                    guard glossary.n_terms > 0 else { throw Flaw("terms", "is empty; a glossary has one or more") }
                    return try NamedGlossary(glossary)
                }, onlyNew: message.only_new != 0)
        case WIRE__GLOSSARY_REQUEST__VERB__REMOVE: self = .remove(try names())
        default: throw .unknown("verb", message.verb.rawValue)
        }
    }

    func write(to writer: inout MessageWriter) {
        switch self {
        case .list: writer.number(1, 1)
        case .get(let name):
            writer.number(1, 2)
            writer.texts(2, [name])
        case .put(let glossary, let onlyNew):
            writer.number(1, 3)
            writer.message(3, glossary)
            writer.flag(4, onlyNew)
        case .remove(let names):
            writer.number(1, 4)
            writer.texts(2, names)
        }
    }
}

extension NamedGlossary: WireMessage {
    init(_ message: Wire__NamedGlossary) throws(Flaw) {
        guard let name = try message.name.optionalText("name", atMost: Limit.name) else {
            throw Flaw("name", "is empty; give the glossary a name")
        }
        let glossary = try Glossary?(message.terms, message.n_terms, field: "terms")
        self.init(
            name, version: message.version,
            languages: LanguageSelection(
                source: try message.source_language.optionalText("source_language", atMost: Limit.language),
                target: try message.target_language.optionalText("target_language", atMost: Limit.language)),
            createdAt: message.created_at_ms, termCount: glossary?.entries.count ?? Int(message.term_count),
            byteCount: glossary?.byteCount ?? Int(clamping: message.byte_count))
        self.glossary = glossary
    }

    func write(to writer: inout MessageWriter) {
        writer.text(1, name)
        writer.number(2, version)
        writer.text(3, languages.source ?? "")
        writer.text(4, languages.target ?? "")
        writer.number(5, createdAt)
        writer.number(6, UInt32(clamping: termCount))
        writer.number(7, byteCount)
        writer.messages(8, glossary?.entries ?? [])
    }
}
