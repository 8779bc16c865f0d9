import Dispatch
import Synchronization
import Tensors
import Testing

@Suite struct HelpBackoffTests {
    private static let first = HelpBackoff.productsAlone, maximum = HelpBackoff.productsAloneMaximum

    /// How many products are to be computed alone from now on, which then are.
    private func productsAlone(_ backoff: borrowing HelpBackoff) -> Int {
        var products = 0
        while backoff.takeAlone() { products += 1 }
        return products
    }

    @Test func `nobody computes alone before a helper came late`() {
        let backoff = HelpBackoff()
        for _ in 0..<100 { backoff.note(isLate: false) }
        #expect(backoff.isOver == true)
        #expect(productsAlone(backoff) == 0)
    }

    @Test func `after a helper that came late, as many products as it says are computed alone, and no more`() {
        let backoff = HelpBackoff()
        backoff.note(isLate: true)
        for _ in 0..<Self.first {
            #expect(backoff.isOver == false)
            #expect(backoff.takeAlone() == true)
        }
        #expect(backoff.isOver == true)
        #expect(productsAlone(backoff) == 0)
    }

    @Test func `each helper that comes late doubles what is computed alone, up to the maximum`() {
        let backoff = HelpBackoff()
        var expected = Self.first
        var found: [Int] = []
        while expected < Self.maximum {
            backoff.note(isLate: true)
            found.append(productsAlone(backoff))
            #expect(found.last == expected)
            expected *= 2
        }
        #expect(found.count > 2, "the maximum is worth doubling for")
        for _ in 0..<2 {
            backoff.note(isLate: true)
            #expect(productsAlone(backoff) == Self.maximum)
        }
    }

    @Test func `what was is forgiven after enough products whose helpers were in time, and not before`() {
        let backoff = HelpBackoff()
        for _ in 0..<3 { backoff.note(isLate: true) }
        for _ in 0..<HelpBackoff.productsForgiving { backoff.note(isLate: false) }
        backoff.note(isLate: true)
        #expect(productsAlone(backoff) == 8 * Self.first)
        // Those before the last that was late do not count.
        for _ in 0...HelpBackoff.productsForgiving { backoff.note(isLate: false) }
        backoff.note(isLate: true)
        #expect(productsAlone(backoff) == Self.first)
        backoff.note(isLate: true)
        #expect(productsAlone(backoff) == 2 * Self.first)
    }

    @Test func `products that are in time meanwhile do not end it sooner`() {
        let backoff = HelpBackoff()
        backoff.note(isLate: true)
        for _ in 0...HelpBackoff.productsForgiving { backoff.note(isLate: false) }
        #expect(productsAlone(backoff) == Self.first)
    }

    @Test func `threads that ask together take as many products as one would`() {
        let backoff = HelpBackoff(), taken = Atomic<Int>(0)
        for round in 0..<4 {
            backoff.note(isLate: true)
            taken.store(0, ordering: .relaxed)
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                while !backoff.isOver {
                    if backoff.takeAlone() { taken.add(1, ordering: .relaxed) }
                }
            }
            // What they took past the end of one round is not missing from the next.
            #expect(taken.load(ordering: .relaxed) == Self.first << round)
            #expect(productsAlone(backoff) == 0)
        }
    }

    @Test func `helpers that come late while others take products neither end it nor make it last for ever`() {
        let backoff = HelpBackoff(), taken = Atomic<Int>(0), late = 64
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            if thread == 0 {
                for _ in 0..<late { backoff.note(isLate: true) }
            } else {
                for _ in 0..<Self.first where backoff.takeAlone() { taken.add(1, ordering: .relaxed) }
            }
        }
        // The last time counts in full, whatever was taken of those before it.
        let left = productsAlone(backoff), all = left + taken.load(ordering: .relaxed)
        #expect(left <= Self.maximum && all >= Self.maximum && all <= Self.maximum + 3 * Self.first)
        backoff.note(isLate: true)
        #expect(productsAlone(backoff) == Self.maximum)
    }
}
