import Clocks
import Dispatching
import DragomanClient
import JobModel
import TestKit

/// A program that reads results, acknowledges them some time later, and crashes and comes back.
final class ConsumerNode {
    let index: Int
    let tenant: String
    private let name: String
    private(set) var life = 0
    private(set) var connection: Connection
    private var session: ConsumerSession?
    private var alarm = Alarm()
    /// What it has dealt with; it outlives the process.
    private(set) var processed: UInt64 = 0
    /// What it has said to have dealt with.
    private var acknowledged: UInt64 = 0
    private var delivered: UInt64 = 0

    init(index: Int, tenant: String) {
        self.index = index
        self.tenant = tenant
        name = "consumer-\(index)"
        connection = Connection(node: NodeID(kind: .consumer, index: index), number: 0)
    }

    var id: NodeID { connection.node }
    var isUp: Bool { session != nil }

    func start(_ cluster: Cluster) {
        guard session == nil else { return }
        life += 1
        connection.number += 1
        delivered = 0
        var settings = ConsumerSession.Settings(endpoint: "broker", consumer: name)
        settings.window = ResultCredit(records: 16, bytes: 20_000)
        session = ConsumerSession(settings: settings, seed: cluster.random.next(), at: cluster.clock.duration)
        on(.start, cluster)
    }

    func crash(_ cluster: Cluster) {
        session = nil
        life += 1
        alarm = Alarm()
        cluster.plan(.start(id), after: UInt64(cluster.random.integer(10...10_000)) * Span.millisecond)
    }

    func reconnect() { connection.number += 1 }

    func receive(_ letter: Letter, _ cluster: Cluster) { on(.received(letter.envelope), cluster) }

    func tick(_ cluster: Cluster) {
        guard alarm.rings(cluster) else { return }
        guard let deadline = session?.nextDeadline else { return }
        if deadline <= cluster.clock.duration { on(.tick, cluster) } else { planTick(cluster) }
    }

    func acknowledge(upTo sequence: UInt64, _ cluster: Cluster) {
        processed = max(processed, sequence)
        acknowledged = max(acknowledged, sequence)
        on(.acknowledge(upTo: sequence), cluster)
    }

    private func on(_ event: ConsumerSession.Event, _ cluster: Cluster) {
        guard isUp else { return }
        for directive in session!.on(event, at: cluster.clock.duration) {
            switch directive {
            case .send(let body): cluster.send(Envelope(body), from: connection)
            case .reconnect: reconnect()
            case .deliver(let record): deliver(record, cluster)
            case .dropped(let range): cluster.checker.dropped(range, consumer: index)
            case .attached, .reached: break
            case .close(let error): closed(error, cluster)
            }
        }
        planTick(cluster)
    }

    private func deliver(_ record: Record, _ cluster: Cluster) {
        // Within a life without a gap; after a crash not later than after what was acknowledged.
        let isNext = delivered == 0 ? record.sequence <= acknowledged + 1 : record.sequence == delivered + 1
        if !isNext {
            cluster.checker.fail(
                "I4: \(name) gets record \(record.sequence) after \(delivered), having acknowledged \(acknowledged)")
        }
        delivered = record.sequence
        cluster.checker.consumed(record, by: index, of: tenant, at: cluster.clock)
        let pause = UInt64(cluster.random.integer(0...500)) * Span.millisecond
        cluster.plan(.acknowledge(consumer: index, life: life, upTo: record.sequence), after: pause)
    }

    private func closed(_ error: ClientError?, _ cluster: Cluster) {
        if let error {
            cluster.trace.line("  consumer \(index): \(error.message)")
            if error.code == .brokenLog { cluster.checker.fail("I4: \(error.message)") }
            cluster.checker.counts.closedConsumers += 1
        }
        crash(cluster)
    }

    private func planTick(_ cluster: Cluster) {
        guard let deadline = session?.nextDeadline else { return }
        alarm.set(cluster, for: id, at: deadline.nanoseconds)
    }
}
