import JobStore
import Wire

extension StoreError {
    /// What kept statements from being carried out that belong to a transaction which was not committed.
    init(_ failure: Connection.Failure, store: String) {
        switch failure {
        case .unfit(let error): self = error
        case .lost(let reason):
            self.init(.unreachable, "the connection to the job store \(store) was lost: \(reason)")
        case .server(let state, let message): self.init(state: state, message, store: store)
        }
    }

    /// Classes of `errcodes.txt` of PostgreSQL.
    private init(state: String, _ message: String, store: String) {
        let said = "the job store \(store) says: \(message) (\(state))"
        switch state {
        case "53100": self.init(.full, "no space is left for the job store: \(said); free some space on its host")
        case "25006": self.init(.readOnly, "\(said); it is a standby, or was made one: give the address of the primary")
        case "42501":
            self.init(.incompatible, "\(said); give the role its rights: `dragoman store init --grant-to ROLE`")
        case "3F000", "42P01", "42703":
            self.init(.incompatible, "\(said); the tables are missing or of another version: `dragoman store init`")
        case "XX001", "XX002": self.init(.corrupt, "\(said); ask the database's administrator")
        case let state where state.hasPrefix("53"): self.init(.unreachable, said)
        // Timeouts, deadlocks, and a wait for a lock that was given up: the next try may do better.
        case "40001", "40P01", "55P03", "57014": self.init(.unreachable, said)
        default: self.init(.failed, said)
        }
    }

    /// A value in the database is none that a broker writes.
    init(reading error: any Error, store: String) {
        self =
            (error as? StoreError)
            ?? (error as? Connection.Failure).map { StoreError($0, store: store) }
            ?? StoreError(.damaged, "the job store \(store) has a value that is damaged: \(error)")
    }
}
