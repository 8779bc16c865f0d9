import CWire
import JobModel

extension Glossary.Entry: WireMessage {
    init(_ message: Wire__Term) throws(Flaw) {
        self.init(source: try message.source.text("source"), target: try message.target.text("target"))
    }

    func write(to writer: inout MessageWriter) {
        writer.text(1, source)
        // Most targets are other words; one that is left out is the source.
        if target != source { writer.text(2, target) }
    }
}

extension Glossary? {
    /// - Returns: nil for a message without terms.
    init(
        _ terms: UnsafeMutablePointer<UnsafeMutablePointer<Wire__Term>?>?, _ count: Int, field: String = "glossary"
    ) throws(Flaw) {
        guard count > 0 else {
            self = nil
            return
        }
        let entries = try messages(field, terms, count, Glossary.Entry.init(_:))
        do {
            self = try Glossary(entries)
        } catch {
            throw Flaw("\(field)[\(error.entry)]", error.reason)
        }
    }
}
