import DragomanClient
import JobModel
import Synchronization
import TestKit

/// Reads the result log, acknowledges some way behind, and begins again when it is told to.
final class Consumer: Sendable {
    let name: String
    /// The newest record that it has.
    let progress = Progress()
    private let cluster: Cluster
    /// How many records it holds back before it acknowledges.
    private let lag: UInt64
    private let log: Mutex<ConsumedLog>
    private let restarts = Mutex(0)

    init(_ name: String, lag: UInt64, _ cluster: Cluster) {
        self.name = name
        self.lag = lag
        self.cluster = cluster
        log = Mutex(ConsumedLog(consumer: name))
    }

    var consumed: ConsumedLog { log.withLock { $0 } }

    /// Lets go of its connection at the next record, with what it has not acknowledged.
    func restart() { restarts.withLock { $0 += 1 } }

    /// Until its task is cancelled.
    func run() async throws {
        while true {
            do throws(ClientError) {
                try await readUntilRestart()
            } catch {
                if error.code == .cancelled { return }
                throw error
            }
        }
    }

    private func readUntilRestart() async throws(ClientError) {
        let restartsBefore = restarts.withLock { $0 }
        log.withLock { $0.beginSession() }
        let client: Client
        do { client = try cluster.client() } catch { throw ClientError(.connection, "\(error)") }
        let results = client.results(consumer: name)
        for try await record in results {
            let acknowledgement = log.withLock { log -> UInt64? in
                log.receive(record)
                guard record.sequence > lag, record.sequence.isMultiple(of: 16) else { return nil }
                log.acknowledge(upTo: record.sequence - lag)
                return record.sequence - lag
            }
            progress.reach(record.sequence)
            if restarts.withLock({ $0 }) > restartsBefore { return }
            if let acknowledgement { results.acknowledge(upTo: acknowledgement) }
        }
    }
}
