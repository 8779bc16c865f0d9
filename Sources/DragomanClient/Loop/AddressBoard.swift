import Synchronization

/// Where brokers with several addresses are, as the client's thread last found them.
final class AddressBoard: Sendable {
    private let addresses = Mutex<[Int: String]>([:])

    subscript(_ broker: Int) -> String? {
        get { addresses.withLock { $0[broker] } }
        set { addresses.withLock { $0[broker] = newValue } }
    }
}
