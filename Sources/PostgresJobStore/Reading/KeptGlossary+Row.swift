import JobModel
import JobStore
import Wire

extension Recovery.KeptGlossary {
    static let query = "SELECT tenant, name, version, source_language, target_language, created_at, terms FROM glossary"

    /// - Parameter row: Of `query`.
    /// - Returns: nil where the terms cannot be read.
    init?(_ row: Row, _ decoder: StoredMessageDecoder) throws {
        guard let terms = try decoder.readableTerms(row.bytes(6)) else { return nil }
        let (source, target) = (try row.text(3), try row.text(4))
        var glossary = NamedGlossary(
            try row.text(1), terms,
            languages: LanguageSelection(source: source.isEmpty ? nil : source, target: target.isEmpty ? nil : target))
        glossary.version = try row.count(2)
        glossary.createdAt = try row.count(5)
        self.init(glossary, tenant: try row.text(0))
    }
}
