internal import Synchronization

/// How long threads compute alone after a helper came late: the longer, the more often that happens.
///
/// Counts products, not time: whoever has none to compute misses no help. Any thread may ask at any time; at worst its
/// answer is that of a moment ago, which costs one product's help.
package struct HelpBackoff: ~Copyable, Sendable {
    /// How many products are computed without help after a helper came late: the first time, and at most.
    package static let productsAlone = 8000, productsAloneMaximum = 1 << 18
    /// After more products than this whose helpers were in time, what was before is forgiven.
    package static let productsForgiving = 4 * productsAlone

    /// How many products are still to be computed without help; below 0 by those who took the last one together.
    private let leftAlone = Atomic<Int>(0)
    /// How many it will be the next time.
    private let penalty = Atomic<Int>(HelpBackoff.productsAlone)
    /// Products whose helpers were in time, since the last that were not.
    private let inTime = Atomic<Int>(0)

    package init() {}

    /// Whether the next product is to be shared.
    package var isOver: Bool { leftAlone.load(ordering: .relaxed) <= 0 }

    /// Takes one of the products that are to be computed without help; returns whether there was one.
    package func takeAlone() -> Bool {
        guard leftAlone.load(ordering: .relaxed) > 0 else { return false }
        return leftAlone.subtract(1, ordering: .relaxed).oldValue > 0
    }

    /// Notes how a product went that was shared; by one thread at a time.
    package func note(isLate: Bool) {
        if isLate {
            let products = penalty.load(ordering: .relaxed)
            leftAlone.store(products, ordering: .relaxed)
            penalty.store(min(2 * products, Self.productsAloneMaximum), ordering: .relaxed)
            inTime.store(0, ordering: .relaxed)
        } else if inTime.add(1, ordering: .relaxed).newValue > Self.productsForgiving {
            penalty.store(Self.productsAlone, ordering: .relaxed)
        }
    }
}
