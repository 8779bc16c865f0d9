import GRDB
import JobStore

/// When consumers were last attached, and models last offered, by the store's age. A row that is damaged counts as none,
/// and what has none counts as seen.
enum Sightings {
    /// The age of a consumer's or an offer's row in the query around it, or 0. Models have no tenant. Columns are given with
    /// their table, for this one's have the same names.
    static func age(_ tenant: String, _ name: String) -> String {
        """
        coalesce((SELECT seen_at FROM sighting
            WHERE sighting.tenant = \(tenant) AND sighting.name = \(name) AND \(SummedTable.sighting.isWhole)), 0)
        """
    }

    private static let consumer = Query("SELECT 1 FROM consumer WHERE tenant = ? AND name = ?")
    private static let offer = Query("SELECT 1 FROM offer WHERE name = ?")
    private static let insertion = SummedTable.sighting.insertion("INSERT OR REPLACE")

    static func note(_ consumers: [ConsumerKey], _ models: [String], at age: UInt64, with statements: Statements) throws
    {
        for key in consumers {
            guard try statements.integer(consumer, key.tenant, key.name) != nil else { continue }
            try statements.insert(insertion, key.tenant, key.name, age.stored)
        }
        for model in models {
            guard try statements.integer(offer, model) != nil else { continue }
            try statements.insert(insertion, "", model, age.stored)
        }
    }

    static func forget(tenant: String, name: String, in database: Database) throws {
        try database.run("DELETE FROM sighting WHERE tenant = ? AND name = ?", tenant, name)
    }
}
