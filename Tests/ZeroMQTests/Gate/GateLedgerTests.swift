import TestKit
import Testing
import ZeroMQ

@Suite struct GateLedgerTests {
    private static let overhead = GateLedger.frameOverhead

    @Test func `frames are admitted up to the limit, whoever sends them, and what was read makes room`() {
        var ledger = GateLedger(limit: 8 << 20)
        var accounts = (0..<8).map { _ in GateLedger.Account() }
        let frame = 1 << 20
        let answers = accounts.indices.map { ledger.admit(frame: frame, share: 4 << 20, to: &accounts[$0]) }
        // Half is for what waits to be read.
        #expect(answers == Array(repeating: .admitted, count: 3) + Array(repeating: .full, count: 5))
        #expect(ledger.admit(frame: 60_000, share: 4 << 20, to: &accounts[7]) == .admitted)
        ledger.ended(&accounts[0])
        ledger.read(frame + Self.overhead, of: &accounts[0])
        #expect(ledger.admit(frame: frame, share: 4 << 20, to: &accounts[6]) == .admitted)
    }

    @Test func `what the broker holds counts too`() {
        var ledger = GateLedger(limit: 8 << 20)
        var account = GateLedger.Account()
        ledger.held = 7 << 20
        #expect(ledger.admit(frame: 1 << 20, share: 4 << 20, to: &account) == .full)
        ledger.held = 0
        #expect(ledger.admit(frame: 1 << 20, share: 4 << 20, to: &account) == .admitted)
    }

    @Test func `a frame above the limit is admitted when there is nothing else`() {
        var ledger = GateLedger(limit: 1 << 20)
        var (first, second) = (GateLedger.Account(), GateLedger.Account())
        #expect(ledger.admit(frame: 2 << 20, share: 4 << 20, to: &first) == .admitted)
        #expect(ledger.admit(frame: 2 << 20, share: 4 << 20, to: &second) == .full)
    }

    @Test func `frames that make no message use up their own share, and no more`() {
        var ledger = GateLedger(limit: 64 << 20)
        var account = GateLedger.Account()
        var admitted = 0
        while ledger.admit(frame: 100, share: 1 << 20, to: &account) == .admitted {
            ledger.ended(&account)
            admitted += 1
        }
        #expect(admitted == (1 << 20) / (100 + Self.overhead))
        var other = GateLedger.Account()
        #expect(ledger.admit(frame: 1 << 20, share: 1 << 20, to: &other) == .admitted)
    }

    @Test func `heartbeats never use up a share, and frames as small as they are do in the end`() {
        var ledger = GateLedger(limit: 1 << 20)
        var account = GateLedger.Account()
        for _ in 0..<60_000 { #expect(ledger.admit(frame: 40, share: 1 << 20, to: &account) == .admitted) }
        #expect(ledger.total == 0)
        // A message has come of it.
        ledger.read(100, of: &account)
        for _ in 0..<60_000 { #expect(ledger.admit(frame: 40, share: 1 << 20, to: &account) == .admitted) }
        for _ in 0..<60_000 { _ = ledger.admit(frame: 40, share: 1 << 20, to: &account) }
        #expect(ledger.admit(frame: 40, share: 1 << 20, to: &account) == .ownShareUsed)
    }

    @Test func `after any sequence of events the sum is that of the connections, and within the limit`() {
        var random = SeededRandom(seed: 7)
        var ledger = GateLedger(limit: 4 << 20)
        var accounts = (0..<20).map { _ in GateLedger.Account() }
        var released = 0
        for _ in 0..<20_000 {
            let index = Int.random(in: accounts.indices, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0..<4:
                guard accounts[index].coming == 0 else { continue }
                let size = Int.random(in: 0...(512 << 10), using: &random)
                _ = ledger.admit(frame: size, share: 1 << 20, to: &accounts[index])
            case 4, 5: ledger.ended(&accounts[index])
            case 6: ledger.read(Int.random(in: 0...(600 << 10), using: &random), of: &accounts[index])
            default:
                released += ledger.close(accounts[index])
                accounts[index] = GateLedger.Account()
                if Bool.random(using: &random) {
                    ledger.release(released)
                    released = 0
                }
            }
            #expect(ledger.total == accounts.reduce(released) { $0 + $1.unread + $1.coming })
            #expect(ledger.total <= ledger.limit)
        }
    }
}
