import CWire
import JobModel

extension LanguageSet: WireMessage {
    static func list(
        _ field: String, _ elements: UnsafeMutablePointer<UnsafeMutablePointer<Wire__LanguageSet>?>?, _ count: Int
    ) throws(Flaw) -> [LanguageSet] {
        guard count <= Limit.languageSets else {
            throw Flaw(field, "has \(count) elements; it may have at most \(Limit.languageSets)")
        }
        let sets = try messages(field, elements, count, LanguageSet.init(_:))
        let languages = sets.reduce(0) { $0 + $1.source.count + $1.target.count }
        guard languages <= Limit.languages else {
            throw Flaw(field, "lists \(languages) languages; it may list at most \(Limit.languages)")
        }
        return sets
    }

    private init(_ message: Wire__LanguageSet) throws(Flaw) {
        self.init(
            source: try Self.languages("source", message.source, message.n_source),
            target: try Self.languages("target", message.target, message.n_target))
    }

    private static func languages(
        _ field: String, _ elements: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int
    ) throws(Flaw) -> [String] {
        try Wire.list(field, elements, count) { (element) throws(Flaw) in
            let text = try element.text("", atMost: Limit.language)
            guard !text.isEmpty, !text.utf8.contains(where: isForbidden) else {
                throw Flaw("", "is \"\(text)\"; a language has no spaces and semicolons, and is not empty")
            }
            return text
        }
    }

    private static func isForbidden(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") || byte == UInt8(ascii: ";") }

    func write(to writer: inout MessageWriter) {
        writer.texts(1, source)
        writer.texts(2, target)
    }
}
