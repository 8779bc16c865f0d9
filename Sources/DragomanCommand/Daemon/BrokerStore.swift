import Foundation
import JobStore
import Logging
import PostgresJobStore
import SQLiteJobStore
import Settings

/// The store that a broker is given, and how much room it has.
struct BrokerStore: Sendable {
    let store: any JobStore
    /// Of its disk; nil: it cannot be told.
    let freeBytes: @Sendable () -> UInt64?
    /// Lets others have it, when no broker could be begun with it.
    let giveBack: @Sendable () -> Void

    /// SQLite's, in the state directory.
    static func sqlite(
        _ settings: Settings, environment: [String: String], logger: Logger
    ) throws(CommandError) -> BrokerStore {
        let folder = try settings.store.folder(environment: environment)
        var storeSettings = SQLiteJobStore.Settings()
        storeSettings.maximumBytes = settings.store.databaseBytesMax
        storeSettings.report = { logger.log($0) }
        do throws(StoreError) {
            let store = try PatientJobStore(in: folder, settings: storeSettings)
            return BrokerStore(store: store, freeBytes: { FreeSpace.bytes(in: folder) }, giveBack: {})
        } catch {
            throw CommandError(error)
        }
    }
}

extension BrokerStore {
    /// One that this broker has acquired.
    init(_ store: PostgresJobStore) {
        // What is left of a tenure that cannot be given back, others wait for.
        self.init(store: store, freeBytes: { nil }, giveBack: { try? store.close() })
    }
}

extension PostgresJobStore.Settings {
    /// - Throws: `CommandError` when the file with the password cannot be used.
    /// - Returns: nil when the store is not in PostgreSQL.
    init?(_ settings: Settings, logger: Logger?) throws(CommandError) {
        guard let url = settings.store.url else { return nil }
        self.init(url: url)
        if let file = settings.store.passwordFile {
            try AccessFiles.checkSecrecy(of: file, isPassword: true)
            password = try AccessFiles.text(file).trimmingCharacters(in: .newlines)
        }
        cluster = settings.store.cluster
        broker = "\(ProcessInfo.processInfo.hostName) (\(settings.broker.jobsEndpoint))"
        tenureMilliseconds = settings.store.tenureMs
        if let logger { report = { logger.log($0) } }
    }
}

extension Logger {
    fileprivate func log(_ notice: StoreNotice) {
        switch notice.level {
        case .notice: self.notice("\(notice.message)")
        case .warning: warning("\(notice.message)")
        case .error: error("\(notice.message)")
        }
    }
}
