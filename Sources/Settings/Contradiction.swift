/// A rule over several keys, each of them good for itself.
///
/// The keys of a rule change together, all by SIGHUP or all by a restart, so that a reload, which takes up some changes
/// and not others, never makes a contradiction out of two settings that have none.
package struct Contradiction: Sendable {
    package let keys: [String]
    /// For whom they contradict each other.
    let parts: Set<SettingsPart>
    /// What is wrong and what to do.
    private let find: @Sendable (Settings) -> (what: String, remedy: String)?

    package static let all = clocks + sizes + stores + sockets + brokers + gateway + metrics + keyFiles

    /// - Parameters:
    ///   - places: Where keys are set, for those that are.
    ///   - parts: Who will use the settings.
    ///   - faulty: Keys that have a problem already: their values are not what was meant.
    static func problems(
        in settings: Settings, places: [String: String], for parts: Set<SettingsPart>, except faulty: Set<String>
    ) -> [SettingsProblem] {
        let rules = all.filter { faulty.isDisjoint(with: $0.keys) && !parts.isDisjoint(with: $0.parts) }
        let found = rules.compactMap { rule in
            rule.find(settings).map { (keys: rule.keys, what: $0.what, remedy: $0.remedy) }
        }
        let inModels = settings.models.compactMap { modelProblem($0, except: faulty) }
        return (found + inModels).map { keys, what, remedy in
            // A key that has its default stands nowhere, and is not what to look at.
            let set = keys.compactMap { places[$0] }
            return SettingsProblem(
                place: (set.isEmpty ? keys : set).joined(separator: ", "), what: what, remedy: remedy)
        }
    }

    private static let clocks: [Contradiction] = [
        Contradiction(keys: ["broker.worker_dead_after_ms", "broker.heartbeat_ms"]) { settings in
            let broker = settings.broker
            guard broker.workerDeadAfterMs < 2 * broker.heartbeatMs else { return nil }
            return (
                "broker.worker_dead_after_ms (\(broker.workerDeadAfterMs) ms) is less than two heartbeats"
                    + " (broker.heartbeat_ms is \(broker.heartbeatMs) ms), so a lost message kills a worker",
                "give it \(2 * broker.heartbeatMs) or more"
            )
        },
        Contradiction(keys: ["broker.lease_ms", "broker.heartbeat_ms"]) { settings in
            let broker = settings.broker
            guard broker.leaseMs < 2 * broker.heartbeatMs else { return nil }
            return (
                "broker.lease_ms (\(broker.leaseMs) ms) is less than two heartbeats"
                    + " (broker.heartbeat_ms is \(broker.heartbeatMs) ms), which renew leases",
                "give it \(2 * broker.heartbeatMs) or more"
            )
        },
        Contradiction(keys: ["broker.backoff_base_ms", "broker.backoff_max_ms"]) { settings in
            let broker = settings.broker
            guard broker.backoffBaseMs > broker.backoffMaxMs else { return nil }
            return (
                "broker.backoff_base_ms (\(broker.backoffBaseMs) ms) is more than broker.backoff_max_ms"
                    + " (\(broker.backoffMaxMs) ms)",
                "give backoff_base_ms \(broker.backoffMaxMs) or less"
            )
        },
    ]

    private static let sizes: [Contradiction] = [
        Contradiction(
            keys: ["limits.inflight_bytes_max", "broker.client_frame_bytes_max", "broker.worker_frame_bytes_max"]
        ) { settings in
            let frame = max(settings.broker.clientFrameBytesMax, settings.broker.workerFrameBytesMax)
            guard settings.limits.inflightBytesMax < frame else { return nil }
            return (
                "limits.inflight_bytes_max (\(settings.limits.inflightBytesMax) bytes) is less than the largest"
                    + " message (\(frame) bytes), which could never be taken",
                "give it \(frame) or more"
            )
        },
        Contradiction(keys: ["worker.window_tokens", "worker.batch_tokens"]) { settings in
            let worker = settings.worker
            guard worker.windowTokens != 0, worker.windowTokens < worker.batchTokens else { return nil }
            return (
                "worker.window_tokens (\(worker.windowTokens)) is less than worker.batch_tokens"
                    + " (\(worker.batchTokens)), so no batch is ever full",
                "give it \(worker.batchTokens) or more, or 0"
            )
        },
    ]

    private static let stores: [Contradiction] = [
        Contradiction(keys: ["store.url", "store.directory"], for: [.broker]) { settings in
            guard settings.store.url != nil, settings.store.directory != nil else { return nil }
            return ("the store is to be in PostgreSQL and in a directory", "leave one of the two empty")
        },
        Contradiction(keys: ["store.url", "store.password_file"], for: [.broker]) { settings in
            guard settings.store.url == nil, settings.store.passwordFile != nil else { return nil }
            return ("there is a password, but no database that would ask for it", "set store.url, or leave both empty")
        },
        Contradiction(keys: ["store.url", "store.database_bytes_max"], for: [.broker]) { settings in
            guard settings.store.url != nil, settings.store.databaseBytesMax != 0 else { return nil }
            return (
                "store.database_bytes_max bounds a SQLite database, and the store is in PostgreSQL",
                "leave it 0, and give the database a tablespace of the size that it may have"
            )
        },
    ]

    init(
        keys: [String], for parts: Set<SettingsPart> = Set(SettingsPart.allCases),
        _ find: @escaping @Sendable (Settings) -> (what: String, remedy: String)?
    ) {
        self.keys = keys
        self.parts = parts
        self.find = find
    }
}
