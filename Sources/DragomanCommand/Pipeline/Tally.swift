import Synchronization

/// A number that several threads add to.
package final class Tally: Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    package func add(_ more: Int) { count.add(more, ordering: .relaxed) }

    package var value: Int { count.load(ordering: .relaxed) }
}
