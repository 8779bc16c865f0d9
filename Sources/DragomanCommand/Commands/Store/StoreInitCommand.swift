package import ArgumentParser
import Foundation
import JobStore
import PostgresJobStore
import Settings

/// `dragoman store init`
package struct StoreInitCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes the tables of a job store in PostgreSQL.",
        discussion: """
            In the database of store.url (or DRAGOMAN_STORE_URL), in a schema of their own, dragoman. The role of the URL \
            becomes their owner. Where the tables are there already, nothing is changed. With --grant-to, another role \
            gets the rights that a broker needs, and no others.

            Example:
              DRAGOMAN_STORE_URL=postgresql://postgres@db1/dragoman dragoman store init --grant-to dragoman

            Exit status: 0, 64 for wrong arguments, 69 when the database cannot be reached, 78 for a wrong configuration \
            or a database that cannot be used.
            """)

    @Option(help: ArgumentHelp("The role under which brokers connect.", valueName: "role"))
    var grantTo: String?

    @OptionGroup(title: "Configuration")
    var configuration: ConfigurationFlags

    package init() {}

    package func run() throws {
        let settings = try configuration.sharedStore()
        let lines = try CommandError.translating { () throws(StoreError) in
            try PostgresSchema.make(settings, grantingTo: grantTo)
        }
        try OutputFile.standardOutput.finish(lines: lines)
    }
}

/// `dragoman store migrate`
package struct StoreMigrateCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Brings the tables of a job store in PostgreSQL up to date.",
        discussion: """
            After a new version of dragoman that says so. A broker that has the store loses it, and brokers of the older \
            version cannot use it any more: first install the new version everywhere, then migrate, then restart the \
            brokers. A store in SQLite is brought up to date by the broker itself, at its start.

            Exit status: as of dragoman store init.
            """)

    @OptionGroup(title: "Configuration")
    var configuration: ConfigurationFlags

    package init() {}

    package func run() throws {
        let settings = try configuration.sharedStore()
        let lines = try CommandError.translating { () throws(StoreError) in try PostgresSchema.migrate(settings) }
        try OutputFile.standardOutput.finish(lines: lines)
    }
}

extension ConfigurationFlags {
    /// The store that the configuration has in PostgreSQL.
    func sharedStore() throws(CommandError) -> PostgresJobStore.Settings {
        guard let settings = try storeIfShared() else {
            throw CommandError(
                .badConfiguration,
                "no database is set: set store.url, or DRAGOMAN_STORE_URL, to postgresql://USER@HOST:PORT/DATABASE")
        }
        return settings
    }
}

extension ConfigurationFlags {
    /// The same; nil: the store is in SQLite. The password is found where the broker's service has it from, too.
    func storeIfShared() throws(CommandError) -> PostgresJobStore.Settings? {
        var settings = try settings(for: [])
        if settings.store.url != nil, settings.store.passwordFile == nil {
            let places = KeyPlaces(
                environment: ProcessInfo.processInfo.environment, asSystemd: true,
                exists: { access($0, R_OK) == 0 })
            settings.store.passwordFile = places.storePassword
        }
        return try PostgresJobStore.Settings(settings, logger: nil)
    }
}

extension CommandError {
    fileprivate static func translating<Value>(
        _ body: () throws(StoreError) -> Value
    ) throws(CommandError) -> Value {
        do throws(StoreError) { return try body() } catch { throw CommandError(error) }
    }
}

extension OutputFile {
    func finish(lines: [String]) throws { try finish(with: Array(lines.map { $0 + "\n" }.joined().utf8)) }
}
