import JobModel
import JobStore

/// What tables a database has.
struct SchemaState {
    /// nil: none.
    var format: Int?
    var cluster = ""

    /// Where a history is written: the identity of the server's data, which its standbys share, and the database's in it.
    static let origin = """
        ((SELECT system_identifier FROM pg_control_system())::text || '/'
            || (SELECT oid FROM pg_database WHERE datname = current_database())::text)
        """

    init(_ connection: Connection, name: String) throws(StoreError) {
        do {
            // Of a schema that a role may not use, `to_regclass` says that it is not there.
            let isThere = try connection.run("SELECT count(*) FROM pg_namespace WHERE nspname = 'dragoman'").rows[0]
            guard try isThere.integer(0) > 0 else { return }
            let mayUse = try connection.run(
                "SELECT has_schema_privilege('dragoman', 'USAGE'), to_regclass('dragoman.store') IS NOT NULL"
            ).rows[0]
            guard try mayUse.flag(0) else {
                throw StoreError(
                    .incompatible,
                    "the role may not use the tables of the job store \(name); give it its rights: `dragoman store init "
                        + "--grant-to ROLE`")
            }
            guard try mayUse.flag(1) else { return }
            guard let row = try connection.run("SELECT format, cluster FROM dragoman.store").rows.first else { return }
            format = try row.count(0)
            cluster = try row.text(1)
        } catch {
            throw StoreError(reading: error, store: name)
        }
    }

    /// That a broker of this service can use them.
    func check(cluster wanted: String, name: String) throws(StoreError) {
        guard let format else {
            throw StoreError(.incompatible, "the job store \(name) has no tables; make them: `dragoman store init`")
        }
        guard format <= Schema.format else {
            throw StoreError(
                .incompatible,
                "the job store \(name) was made by a later version of dragoman (its format is \(format), this one knows up to "
                    + "\(Schema.format)); install that version")
        }
        guard format == Schema.format else {
            throw StoreError(
                .incompatible,
                "the job store \(name) has format \(format), and this version of dragoman needs \(Schema.format); bring it "
                    + "up to date: `dragoman store migrate`")
        }
        guard cluster == wanted else {
            throw StoreError(
                .incompatible,
                "the job store \(name) belongs to the service \"\(cluster)\", and this one is \"\(wanted)\" "
                    + "(store.cluster); give this one a database of its own")
        }
    }
}
