import JobStore
import PostgresJobStore
import TestKit
import Testing

/// A database with the store's tables, on the server of these tests.
final class PostgresDatabase {
    let server: PostgresServer
    let name: String

    /// Made once, and copied: to make the tables takes longer.
    private static let template = Result {
        let server = try PostgresServer.shared.get()
        // Where the server can, with an order of letters that is not that of their bytes.
        let name = try server.database(inOrderOfWords: true)
        _ = try PostgresSchema.make(PostgresJobStore.Settings(url: server.url(name)), grantingTo: nil)
        return name
    }

    init() throws {
        server = try PostgresServer.shared.get()
        name = try server.database(copying: try Self.template.get())
        // The copy is a store of its own, and not one that was moved.
        try query(
            "UPDATE dragoman.store SET origin = (SELECT system_identifier FROM pg_control_system())::text || '/' "
                + "|| (SELECT oid FROM pg_database WHERE datname = current_database())::text")
    }

    var settings: PostgresJobStore.Settings {
        var settings = PostgresJobStore.Settings(url: server.url(name))
        // No test is so slow that its broker is taken for dead.
        settings.tenureMilliseconds = 600_000
        return settings
    }

    /// A store that has been acquired.
    ///
    /// - Parameter proxy: Stands between; nil: none.
    func store(
        through proxy: SocketRelay? = nil, _ change: (inout PostgresJobStore.Settings) -> Void = { _ in }
    ) throws -> PostgresJobStore {
        var settings = settings
        if let proxy { settings.url = server.url(name, through: proxy.socketFolder) }
        change(&settings)
        let store = try PostgresJobStore(settings)
        try #require(try store.acquire() == .acquired)
        return store
    }

    /// What a broker would find, of a copy.
    func contents() throws -> Recovery {
        var settings = settings
        settings.url = server.url(try server.database(copying: name))
        let copy = try PostgresJobStore(settings)
        try #require(try copy.acquire() == .acquired)
        defer { copy.abandon() }
        return try copy.recover()
    }

    /// As if its broker had been silent for long enough.
    func expireTenure() throws { try query("UPDATE dragoman.tenure SET expires_at = '-infinity'") }

    @discardableResult
    func query(_ text: String) throws -> String { try server.query(text, in: name) }
}
