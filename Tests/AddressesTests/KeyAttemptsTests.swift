import Addresses
import Testing

@Suite("Attempts with a broker's keys")
struct KeyAttemptsTests {
    @Test("with one key, each failure loses the address, before it was admitted and after", arguments: [false, true])
    func one(isConnected: Bool) {
        var attempts = KeyAttempts()
        #expect(attempts.isLost(after: .unreachable, keys: 1, isConnected: isConnected))
        #expect(attempts.isLost(after: .denied, keys: 1, isConnected: isConnected))
    }

    @Test("with several, the address is lost when each has failed in the same way")
    func several() {
        var attempts = KeyAttempts()
        #expect(!attempts.isLost(after: .denied, keys: 3, isConnected: false))
        #expect(!attempts.isLost(after: .unreachable, keys: 3, isConnected: false))
        #expect(!attempts.isLost(after: .denied, keys: 3, isConnected: false))
        #expect(attempts.isLost(after: .denied, keys: 3, isConnected: false))
    }

    @Test("once one is admitted, those that fail beside it lose nothing")
    func beside() {
        var attempts = KeyAttempts()
        for _ in 0..<10 {
            #expect(!attempts.isLost(after: .denied, keys: 2, isConnected: true))
            #expect(!attempts.isLost(after: .unreachable, keys: 2, isConnected: true))
        }
    }
}
