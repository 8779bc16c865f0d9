import GRDB
import JobStore

/// The tables, and how those of an earlier version become these.
enum Schema {
    /// Written into the database's header, so that another program's database is not taken for ours: "Drgm".
    static let applicationID: Int32 = 0x4472_676D

    /// Each brings the database to the version that is its position from 1. Never change one that has been released: add.
    static let migrations = [
        """
        CREATE TABLE broker (
            only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
            epoch INTEGER NOT NULL,
            is_closed INTEGER NOT NULL
        ) STRICT;
        INSERT INTO broker VALUES (1, 0, 1);

        -- Numbers grow in the order of acceptance. What is large, or changes often, is not in here.
        CREATE TABLE job (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL,
            tenant TEXT NOT NULL,
            digest BLOB NOT NULL,
            state INTEGER NOT NULL,
            model TEXT NOT NULL,
            topic TEXT NOT NULL,
            trace TEXT NOT NULL,
            priority INTEGER NOT NULL,
            maximum_attempts INTEGER NOT NULL,
            accepted_at INTEGER NOT NULL,
            expires_at INTEGER,
            byte_count INTEGER NOT NULL,
            wants_partial INTEGER NOT NULL,
            retry_of BLOB,
            chunk_count INTEGER NOT NULL,
            chunks_done INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            failure_code TEXT,
            failure_message TEXT,
            sequence INTEGER,
            finished_at INTEGER,
            is_dead_letter INTEGER NOT NULL DEFAULT 0,
            plan BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX job_by_id ON job (id, tenant);
        CREATE INDEX unfinished_job ON job (number) WHERE state = 2;
        CREATE INDEX dead_letter ON job (tenant, sequence) WHERE is_dead_letter;

        -- Texts and options; of jobs that may still be translated.
        CREATE TABLE content (
            job INTEGER PRIMARY KEY,
            body BLOB NOT NULL
        ) STRICT;

        -- Of unfinished jobs, the chunks of which there is something to say.
        CREATE TABLE chunk (
            job INTEGER NOT NULL,
            number INTEGER NOT NULL,
            is_done INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            lease_token INTEGER,
            lease_attempt INTEGER,
            lease_instance TEXT,
            lease_is_alone INTEGER,
            outputs BLOB,
            PRIMARY KEY (job, number)
        ) STRICT, WITHOUT ROWID;

        -- The counter outlives its records.
        CREATE TABLE log (
            tenant TEXT PRIMARY KEY,
            last_sequence INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE record (
            tenant TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            job INTEGER NOT NULL,
            state INTEGER NOT NULL,
            finished_at INTEGER NOT NULL,
            byte_count INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (tenant, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE consumer (
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            acknowledged INTEGER NOT NULL,
            PRIMARY KEY (tenant, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE offer (
            name TEXT PRIMARY KEY,
            source_language TEXT NOT NULL,
            target_language TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
        // Of jobs that were unfinished before, what was done before is not counted.
        "ALTER TABLE job ADD COLUMN output_bytes INTEGER NOT NULL DEFAULT 0",
        // Records that are there count as new, so they are kept at least as long as promised.
        """
        ALTER TABLE broker ADD COLUMN age INTEGER NOT NULL DEFAULT 0;

        -- How far each log went when the store had a certain age.
        CREATE TABLE log_age (
            tenant TEXT NOT NULL,
            age INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (tenant, age)
        ) STRICT, WITHOUT ROWID;
        """,
        // Checksums of rows (`SummedTable`), the chain of each log (`LogRow`), and who the store is (`StoreIdentity`).
        // What is in the tables already is summed by `ChecksumMigration`.
        """
        ALTER TABLE broker ADD COLUMN store BLOB NOT NULL DEFAULT x'';
        ALTER TABLE broker ADD COLUMN history BLOB NOT NULL DEFAULT x'';
        ALTER TABLE log ADD COLUMN head INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE log ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE log ADD COLUMN anchor INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE log ADD COLUMN unfinished INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE log ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE log ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE record ADD COLUMN previous INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE broker ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE job ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE content ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE chunk ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE log ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE record ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE consumer ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE offer ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE log_age ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;

        -- Rows that were found damaged, as SQL literals; nothing here is read by the broker.
        CREATE TABLE quarantine (
            number INTEGER PRIMARY KEY,
            table_name TEXT NOT NULL,
            key TEXT NOT NULL,
            problem TEXT NOT NULL,
            row TEXT,
            found_at INTEGER NOT NULL,
            UNIQUE (table_name, key, problem)
        ) STRICT;
        """,
        // See `Sightings`.
        """
        CREATE TABLE sighting (
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            seen_at INTEGER NOT NULL,
            checksum INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, name)
        ) STRICT, WITHOUT ROWID;
        """,
        // Plans may name languages (`OldPlan`), and offers list them: earlier releases would take that for damage.
        "SELECT 1",
        // From here on, what is in `job.plan`, `content.body`, `chunk.outputs` and `record.body` are messages: see
        // `StoredValues.swift`. The rows that are there stay as they are.
        "SELECT 1",
        """
        -- Terms by their name, each the latest version.
        CREATE TABLE glossary (
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            source_language TEXT NOT NULL,
            target_language TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            terms BLOB NOT NULL,
            checksum INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, name)
        ) STRICT;
        """,
    ]

    /// The version whose rows have checksums.
    static let summedVersion = 4

    /// Makes the tables, or brings them up to date.
    ///
    /// - Parameters:
    ///   - mustExist: Whether there has been a store: a database without tables is not the one, then.
    ///   - report: Called before what may take long.
    ///
    /// - Returns: Whether the store has just been given its identity, so that no marker can know it.
    @discardableResult
    static func migrate(
        _ database: Database, path: String, mustExist: Bool = false, report: (StoreNotice) -> Void = { _ in }
    ) throws -> Bool {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
        guard application == applicationID || isEmpty else {
            throw StoreError(
                .incompatible,
                "\(path) is a database of another program; move it away, or set another state directory")
        }
        guard !isEmpty || !mustExist else { throw StoreIdentity.missing(path, "has no tables") }
        guard version <= migrations.count else {
            throw StoreError(
                .incompatible,
                "the job store \(path) was written by a later version of dragoman (its format is \(version), this one "
                    + "knows up to \(migrations.count)); install that version, or set another state directory")
        }
        guard version < migrations.count || application != applicationID else { return false }
        // Inside a transaction in a frozen store.
        try database.inSavepoint {
            for migration in migrations.dropFirst(version) { try database.execute(sql: migration) }
            if version < summedVersion { try ChecksumMigration.write(in: database, path: path, report: report) }
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(migrations.count)")
            return .commit
        }
        return version < summedVersion
    }
}
