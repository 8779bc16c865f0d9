package import JobModel

/// A consumer's results, as they come.
package struct ResultStream: Sendable {
    /// Where it begins, for people.
    package var position: String
    /// nil: it has been closed.
    package var next: @Sendable () async throws(GatewayError) -> Record?
    package var acknowledge: @Sendable (UInt64) -> Void
    package var close: @Sendable () async -> Void

    package init(
        position: String, next: @escaping @Sendable () async throws(GatewayError) -> Record?,
        acknowledge: @escaping @Sendable (UInt64) -> Void, close: @escaping @Sendable () async -> Void
    ) {
        self.position = position
        self.next = next
        self.acknowledge = acknowledge
        self.close = close
    }
}
