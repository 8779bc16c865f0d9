import Addresses
import Testing

@Suite("Attempts with a broker's keys")
struct KeyAttemptsTests {
    /// What each of these comes to, in turn.
    private func lost(_ failures: [KeyAttempts.Failure], keys: Int, isConnected: Bool) -> [Bool] {
        var attempts = KeyAttempts()
        return failures.map { attempts.isLost(after: $0, keys: keys, isConnected: isConnected) }
    }

    @Test("with one key, each failure loses the address, before it was admitted and after", arguments: [false, true])
    func one(isConnected: Bool) {
        #expect(lost([.unreachable, .denied], keys: 1, isConnected: isConnected) == [true, true])
    }

    @Test("with several, the address is lost when each has failed in the same way")
    func several() {
        let failures: [KeyAttempts.Failure] = [.denied, .unreachable, .denied, .denied]
        #expect(lost(failures, keys: 3, isConnected: false) == [false, false, false, true])
    }

    @Test("once one is admitted, those that fail beside it lose nothing")
    func beside() {
        let failures = (0..<10).flatMap { _ in [KeyAttempts.Failure.denied, .unreachable] }
        #expect(lost(failures, keys: 2, isConnected: true).allSatisfy { !$0 })
    }
}
