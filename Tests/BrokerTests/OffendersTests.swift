import Broker
import Dispatching
import Testing

@Suite("Who sends what is no message")
final class OffendersTests {
    private static let second: UInt64 = 1_000_000_000
    private var offenders = Offenders(offencesMaximum: 3, banMilliseconds: 10_000, peersMaximum: 4)

    private func peer(_ id: UInt8, on socket: Peer.Socket = .jobs) -> Offenders.Connection {
        Offenders.Connection(socket: socket, routingID: [id])
    }

    private func offends(_ peer: Offenders.Connection, _ time: UInt64) -> Bool { offenders.record(peer, at: time) }

    private func isBanned(_ peer: Offenders.Connection, _ time: UInt64) -> Bool {
        offenders.isBanned(peer, at: time)
    }

    @Test("is not heard after so many offences, for a while, which is told once")
    func ban() {
        let told = (1...5).map { offends(peer(1), $0 * Self.second) }
        #expect(told == [false, false, true, false, false])
        #expect(isBanned(peer(1), 15 * Self.second))
        #expect(!isBanned(peer(1), 16 * Self.second))
        // And begins anew.
        #expect(!offends(peer(1), 16 * Self.second))
        #expect(!isBanned(peer(1), 16 * Self.second))
    }

    @Test("is forgiven what is long ago")
    func forgiven() {
        for time in [1, 2, 13, 24, 35] as [UInt64] { _ = offends(peer(1), time * Self.second) }
        #expect(!isBanned(peer(1), 35 * Self.second))
    }

    @Test("is one connection: not another of the same socket, nor one of another socket with the same routing id")
    func connections() {
        for _ in 1...3 { _ = offends(peer(1), 0) }
        #expect(isBanned(peer(1), 1))
        #expect(!isBanned(peer(2), 1) && !isBanned(peer(1, on: .work), 1))
    }

    @Test("is forgotten when there are too many, who came first before who came last")
    func bounded() {
        for id in UInt8(1)...5 { for _ in 1...3 { _ = offends(peer(id), UInt64(id)) } }
        #expect((UInt8(1)...5).map { isBanned(peer($0), 6) } == [false, true, true, true, true])
    }

    @Test("is measured by the new bounds when the configuration is read again")
    func reload() {
        for time in [1, 2] as [UInt64] { _ = offends(peer(1), time * Self.second) }
        offenders.offencesMaximum = 2
        #expect(isBanned(peer(1), 3 * Self.second))
        offenders.banMilliseconds = 500
        #expect(!isBanned(peer(1), 3 * Self.second))
    }
}
