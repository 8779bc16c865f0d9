/// Attempts to connect to one address with each of a broker's keys, of which there may be several while it is given another.
///
/// libzmq has a connection of its own for each key, and says of each attempt how it ended, but not with which key.
package struct KeyAttempts: Sendable, Hashable {
    package enum Failure: Sendable, Hashable {
        /// Nothing listens there.
        case unreachable
        /// The broker does not let this peer in.
        case denied
    }

    private var failures: [Failure: Int] = [:]

    package init() {}

    /// Counts an attempt that failed.
    ///
    /// - Parameters:
    ///   - keys: With how many keys the address is tried, at least one.
    ///   - isConnected: Whether one of them has been admitted; those with other keys go on failing beside it.
    /// - Returns: Whether the address is lost with it: a connection with the only key is gone, or every key was tried.
    package mutating func isLost(after failure: Failure, keys: Int, isConnected: Bool) -> Bool {
        failures[failure, default: 0] += 1
        return isConnected ? keys == 1 : failures[failure, default: 0] >= keys
    }
}
