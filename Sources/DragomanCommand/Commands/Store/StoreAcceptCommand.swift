package import ArgumentParser
import JobStore
import PostgresJobStore
import SQLiteJobStore

/// `dragoman store accept`
package struct StoreAcceptCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Takes what is in the state directory, or the database, as the store from now on.",
        discussion: """
            For a broker that refuses to start because its database is missing, is another one, or was copied without its \
            journal: what is not there is given up. Nothing is deleted. At the next start the result logs have a new \
            identity, and consumers that have read the old ones are told.

            Say it also after a whole machine, disk or PostgreSQL server was set back to an earlier state, which the broker \
            cannot notice by itself.

            Exit status: 0, 64 for wrong arguments, 69 when a broker uses the store, 74 when the directory cannot be \
            written, 78 for a wrong configuration.
            """)

    @OptionGroup
    var store: StoreFlags

    package init() {}

    package func run() throws {
        let place = try store.place()
        let lines: [String]
        do throws(StoreError) {
            switch place {
            case .folder(let folder): lines = try StoreAcceptance.accept(in: folder)
            case .database(let settings): lines = try PostgresSchema.accept(settings)
            }
        } catch {
            throw place.failure(error)
        }
        try OutputFile.standardOutput.finish(lines: lines)
    }
}
