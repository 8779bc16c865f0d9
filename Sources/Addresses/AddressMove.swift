/// A session that leaves a broker's address for the next.
package struct AddressMove: Sendable, Hashable, CustomStringConvertible {
    package let from: String
    package let to: String
    /// Whether the broker was not heard any more; if not, it ended the connection.
    package let isSilent: Bool

    package init(from: String, to: String, isSilent: Bool) {
        self.from = from
        self.to = to
        self.isSilent = isSilent
    }

    /// A line for a log.
    package var description: String {
        "broker at \(from) \(isSilent ? "is silent" : "has closed the connection"); trying \(to)"
    }
}
