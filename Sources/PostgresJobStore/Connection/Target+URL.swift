import CPostgres
import JobStore
import Synchronization

extension Connection.Target {
    /// - Throws: `.incompatible` when libpq does not understand the URL, or is missing.
    init(_ url: String, password: String?) throws(StoreError) {
        if let problem = dragoman_postgres_library_problem() {
            throw StoreError(.incompatible, "PostgreSQL cannot be used: \(String(cString: problem))")
        }
        var text = [CChar](repeating: 0, count: 1024)
        // What libpq says of it may repeat the password.
        guard dragoman_postgres_describe(url, &text, text.count) else {
            throw StoreError(
                .incompatible,
                "store.url cannot be read as postgresql://USER@HOST:PORT/DATABASE?NAME=VALUE; other characters than letters "
                    + "and digits, as in a password, must be percent-encoded")
        }
        self.init(
            url: url, password: password,
            name: String(decoding: text.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self))
    }
}

/// Which of a URL's hosts has answered last. To try those before it, which may be silent, takes seconds for each new session.
final class LastHost: Sendable {
    private let place = Mutex<(host: String, port: String)?>(nil)

    var value: (host: String, port: String)? {
        get { place.withLock { $0 } }
        set { place.withLock { $0 = newValue } }
    }
}
