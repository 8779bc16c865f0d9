/// The tables, and how those of an earlier version become these. They have a schema of their own, `dragoman`, in a database
/// that may have others.
enum Schema {
    /// Each brings the schema to the version that is its position from 1. Never change one that has been released: add.
    ///
    /// Texts that are keys have the collation C: another one's order changes with a release of the operating system, and
    /// differs from host to host. `text` is what a producer, a consumer or an operator has named; no text has a NUL in it, which PostgreSQL would not
    /// take: the wire refuses those. What comes from workers, and what SQL does not look into, is `bytea`.
    static let migrations = [
        """
        -- Who the store is, and who has it. Each commit of a broker locks this row and compares the epoch.
        CREATE TABLE dragoman.store (
            only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
            format integer NOT NULL,
            cluster text NOT NULL,
            history bytea NOT NULL,
            -- Of the database in which the history was written: a copy is elsewhere.
            origin text NOT NULL,
            epoch bigint NOT NULL DEFAULT 0,
            owner bytea,
            owner_name text,
            is_closed boolean NOT NULL DEFAULT true,
            age bigint NOT NULL DEFAULT 0
        );

        -- Until when the owner has it, in a table of its own, so that to extend it waits for no commit.
        CREATE TABLE dragoman.tenure (
            only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
            epoch bigint NOT NULL DEFAULT 0,
            expires_at timestamptz NOT NULL DEFAULT '-infinity',
            -- How long it is, by what its owner says: an end that is farther away is another clock's.
            milliseconds bigint NOT NULL DEFAULT 0
        ) WITH (fillfactor = 50);

        -- Numbers grow in the order of acceptance. What is large, or changes often, is not in here.
        CREATE SEQUENCE dragoman.job_number CACHE 1;
        CREATE TABLE dragoman.job (
            number bigint PRIMARY KEY,
            id bytea NOT NULL,
            tenant text COLLATE "C" NOT NULL,
            digest bytea NOT NULL,
            state integer NOT NULL,
            priority bigint NOT NULL,
            maximum_attempts bigint NOT NULL,
            expires_at bigint,
            byte_count bigint NOT NULL,
            wants_partial boolean NOT NULL,
            chunks_done bigint NOT NULL DEFAULT 0,
            attempts bigint NOT NULL DEFAULT 0,
            output_bytes bigint NOT NULL DEFAULT 0,
            failure_code bytea,
            failure_message bytea,
            sequence bigint,
            finished_at bigint,
            is_dead_letter boolean NOT NULL DEFAULT false,
            plan bytea NOT NULL,
            UNIQUE (id, tenant)
        ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
        CREATE INDEX unfinished_job ON dragoman.job (number) WHERE state = 2;
        CREATE INDEX dead_letter ON dragoman.job (tenant, sequence) WHERE is_dead_letter;

        -- Texts and options, of jobs that may still be translated.
        CREATE TABLE dragoman.content (
            job bigint PRIMARY KEY,
            body bytea NOT NULL
        ) WITH (autovacuum_vacuum_scale_factor = 0.05);

        -- Of unfinished jobs, the chunks of which there is something to say.
        CREATE TABLE dragoman.chunk (
            job bigint NOT NULL,
            number bigint NOT NULL,
            is_done boolean NOT NULL,
            attempts bigint NOT NULL,
            lease_token bigint,
            lease_attempt bigint,
            lease_instance text,
            lease_is_alone boolean,
            outputs bytea,
            PRIMARY KEY (job, number)
        ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

        -- The counter outlives its records.
        CREATE TABLE dragoman.log (
            tenant text COLLATE "C" PRIMARY KEY,
            last_sequence bigint NOT NULL,
            -- The last record that was purged.
            purged bigint NOT NULL DEFAULT 0
        ) WITH (fillfactor = 50);

        CREATE TABLE dragoman.record (
            tenant text COLLATE "C" NOT NULL,
            sequence bigint NOT NULL,
            job bigint NOT NULL,
            state integer NOT NULL,
            body bytea NOT NULL,
            PRIMARY KEY (tenant, sequence)
        ) WITH (autovacuum_vacuum_scale_factor = 0.05);

        -- How far each log went when the store had a certain age.
        CREATE TABLE dragoman.log_age (
            tenant text COLLATE "C" NOT NULL,
            age bigint NOT NULL,
            sequence bigint NOT NULL,
            PRIMARY KEY (tenant, age)
        );

        CREATE TABLE dragoman.consumer (
            tenant text COLLATE "C" NOT NULL,
            name text COLLATE "C" NOT NULL,
            acknowledged bigint NOT NULL,
            seen_at bigint NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, name)
        ) WITH (fillfactor = 50);

        CREATE TABLE dragoman.offer (
            name text COLLATE "C" PRIMARY KEY,
            source_language text NOT NULL,
            target_language text NOT NULL,
            seen_at bigint NOT NULL DEFAULT 0
        );
        """,
        """
        -- Terms by their name, each the latest version.
        CREATE TABLE dragoman.glossary (
            tenant text COLLATE "C" NOT NULL,
            name text COLLATE "C" NOT NULL,
            version bigint NOT NULL,
            source_language text NOT NULL,
            target_language text NOT NULL,
            created_at bigint NOT NULL,
            terms bytea NOT NULL,
            PRIMARY KEY (tenant, name)
        );
        """,
    ]

    static var format: Int { migrations.count }

    /// The roles that could use the tables before new ones were made.
    static let granteesQuery = """
        SELECT DISTINCT grantee::text FROM information_schema.role_table_grants
        WHERE table_schema = 'dragoman' AND table_name = 'job' AND privilege_type = 'INSERT' AND grantee <> current_user
        """

    /// What a role needs that only runs a broker; `role` is a quoted identifier.
    static func grants(to role: String) -> [String] {
        [
            "GRANT USAGE ON SCHEMA dragoman TO \(role)",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA dragoman TO \(role)",
            "GRANT USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA dragoman TO \(role)",
        ]
    }
}
