/// The name by which a ROUTER knows one connection. A peer may choose its own, so it says nothing about who it is.
package struct RoutingID: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) { self.bytes = bytes }
}

/// Where an answer goes, and in which form.
package struct ReturnAddress: Hashable, Sendable {
    package let routingID: RoutingID
    /// Whether an empty frame stands before the body, as a REQ socket sends and expects it.
    package let isDelimited: Bool

    package init(routingID: RoutingID, isDelimited: Bool = false) {
        self.routingID = routingID
        self.isDelimited = isDelimited
    }
}
