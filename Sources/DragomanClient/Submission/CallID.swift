/// A caller that waits for an answer.
package struct CallID: Sendable, Hashable, Comparable {
    package var value: UInt64

    package init(_ value: UInt64) { self.value = value }

    package static func < (left: CallID, right: CallID) -> Bool { left.value < right.value }
}
