import GRDB
import JobModel
import JobStore
import Wire

/// The rows of the table `glossary`.
enum KeptGlossaries {
    private static let insertion = SummedTable.glossary.insertion("INSERT OR REPLACE")

    static func keep(_ glossary: NamedGlossary, tenant: String, with statements: Statements) throws {
        guard let terms = glossary.glossary else { preconditionFailure("a glossary is kept with its terms") }
        try statements.insert(
            insertion, tenant, glossary.name, glossary.version.stored, glossary.languages.source ?? "",
            glossary.languages.target ?? "", glossary.createdAt.stored, StoredMessage.terms(terms))
    }

    static func remove(_ key: GlossaryKey, in database: Database) throws {
        try database.run("DELETE FROM glossary WHERE tenant = ? AND name = ?", key.tenant, key.name)
    }

    /// - Parameter damaged: Called with a row that is not what was written, or, where that is `true`, whose terms cannot be
    ///   read though it is.
    static func all(
        with statements: Statements, damaged: (GlossaryKey, _ isWhole: Bool) throws -> Void
    ) throws -> [Recovery.KeptGlossary] {
        var glossaries: [Recovery.KeptGlossary] = []
        let rows = try statements.database.rows(
            """
            SELECT tenant, name, version, source_language, target_language, created_at, terms,
                \(SummedTable.glossary.isWhole)
            FROM glossary ORDER BY tenant, name
            """)
        while let row = try rows.next() {
            let isWhole: Bool = row[7]
            guard isWhole, let terms = try statements.decoder.readableTerms(row.bytes(6)) else {
                try damaged(GlossaryKey(tenant: row[0], name: row[1]), isWhole)
                continue
            }
            let (source, target): (String, String) = (row[3], row[4])
            var glossary = NamedGlossary(
                row[1], terms,
                languages: LanguageSelection(
                    source: source.isEmpty ? nil : source, target: target.isEmpty ? nil : target))
            glossary.version = try row.count(2)
            glossary.createdAt = try row.count(5)
            glossaries.append(.init(glossary, tenant: row[0]))
        }
        return glossaries
    }
}
