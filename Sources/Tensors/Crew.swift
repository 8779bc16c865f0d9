package import CKernels
import Synchronization

/// Threads that have nothing of their own to do, and help those that have with their products: each takes some of the
/// columns. Every column is computed as ever, so the bits stay the same.
///
/// A product is offered as a number of parts, which leader and helpers take one by one; so a helper that does not come
/// costs nothing. Helpers wait for the next product without sleeping, since it comes within microseconds. One that has
/// taken a part and lost its core to another program is waited for, and then nobody is to help for a while, the longer the
/// more often that happens: on a busy machine, threads that wait without sleeping only take cores from those that work.
package final class Crew: Sendable {
    /// A product of quantised rows, or what bounds it.
    package struct Product {
        package enum Result {
            /// See `dragoman_kernels.multiply_int8`.
            case entries(dragoman_epilogue)
            /// See `dragoman_kernels.screen`.
            case bounds(dragoman_int8_screen)
        }

        package var kernels: Kernels
        package var rows: dragoman_int8_rows
        package var matrix: dragoman_int8_matrix
        package var result: Result

        package init(kernels: Kernels, rows: dragoman_int8_rows, matrix: dragoman_int8_matrix, result: Result) {
            self.kernels = kernels
            self.rows = rows
            self.matrix = matrix
            self.result = result
        }

        /// Groups of columns.
        fileprivate var groups: Int { Crew.groups(columns: matrix.columns) }

        /// The product of some columns, from the first of a group on, as one of its own.
        fileprivate func part(_ columns: Range<Int>) -> Product {
            var part = self
            let first = columns.lowerBound, weights = dragoman_int8_panel_bytes(matrix.depth, first)
            part.matrix.panels += weights
            part.matrix.scales += first
            part.matrix.offsets += first
            part.matrix.columns = columns.count
            switch result {
            case .entries(var epilogue):
                epilogue.bias = epilogue.bias.map { $0 + first }
                epilogue.residual = epilogue.residual.map { $0 + first }
                epilogue.output += first
                part.result = .entries(epilogue)
            case .bounds(var screen):
                screen.nibbles += weights / 2
                screen.errors += first
                screen.bias = screen.bias.map { $0 + first }
                screen.bounds += first / Crew.columnGroup
                part.result = .bounds(screen)
            }
            return part
        }

        fileprivate func compute() {
            var rows = rows, matrix = matrix
            switch result {
            case .entries(var epilogue): kernels.table.pointee.multiply_int8(&rows, &matrix, &epilogue)
            case .bounds(var screen): kernels.table.pointee.screen(&rows, &matrix, &screen)
            }
        }
    }

    /// A part with fewer weights is over before a helper has heard of it.
    private static let partWeightsMinimum = 1 << 16
    /// More would be in each other's way.
    package static let helpersMaximum = 7
    /// Columns are packed, and so divided, in groups of this many.
    package static let columnGroup = Int(DRAGOMAN_GROUP * DRAGOMAN_LANES)
    package static func groups(columns: Int) -> Int { (columns + columnGroup - 1) / columnGroup }
    /// How long a helper waits for the next product before it gives up.
    private static let patience = Duration.milliseconds(1)

    private let helpers = Atomic<Int>(0)
    private let backoff = HelpBackoff()
    /// Products that were on offer so far.
    private let shared = Atomic<Int>(0)
    private let hasLeader = Atomic<Bool>(false)
    /// The product's number, shifted by 16, and how many of its parts nobody has taken: one word, so that whoever takes a
    /// part knows which product it is of.
    private let offer = Atomic<UInt64>(0)
    private let finished = Atomic<Int>(0)
    // Written by the leader while no part is on offer or being computed, read by whoever has taken a part.
    private nonisolated(unsafe) let product = UnsafeMutablePointer<(Product, parts: Int)>.allocate(capacity: 1)

    package init() {}

    deinit { product.deallocate() }

    /// How many threads help now.
    package var size: Int { helpers.load(ordering: .relaxed) }

    /// How many products were on offer to helpers so far.
    package var productsShared: Int { shared.load(ordering: .relaxed) }

    /// Computes a product, with whoever helps.
    package func compute(_ new: Product) {
        let partsMaximum = min(new.groups, new.matrix.depth * new.matrix.columns / Self.partWeightsMinimum)
        guard partsMaximum > 1, !backoff.takeAlone(), size > 0, !hasLeader.exchange(true, ordering: .acquiring)
        else {
            new.compute()
            return
        }
        // Two for each, so that one that is slow is waited for half as long.
        let parts = min(partsMaximum, 2 * (size + 1))
        product.initialize(to: (new, parts))
        finished.store(0, ordering: .relaxed)
        shared.add(1, ordering: .relaxed)
        let number = offer.load(ordering: .relaxed) >> 16 &+ 1
        offer.store(number << 16 | UInt64(parts), ordering: .releasing)
        let start = ContinuousClock.now
        while takePart() {}
        let own = ContinuousClock.now
        while finished.load(ordering: .acquiring) < parts { dragoman_pause() }
        // Whoever takes so much longer than the leader with its own parts does not run.
        let waited: Duration = ContinuousClock.now - own, worked: Duration = own - start
        backoff.note(isLate: waited > worked * 4 + .microseconds(300))
        hasLeader.store(false, ordering: .releasing)
    }

    /// Helps until nothing has been offered for a while.
    ///
    /// - Parameter isCalled: Asked all the time: whether the thread has something else to do.
    package func help(until isCalled: () -> Bool) {
        let size = helpers.add(1, ordering: .relaxed).newValue
        defer { helpers.subtract(1, ordering: .relaxed) }
        var deadline = ContinuousClock.now + Self.patience
        while size <= Self.helpersMaximum, wantsHelp, !isCalled() {
            if takePart() {
                while takePart() {}
                deadline = .now + Self.patience
            }
            for _ in 0..<32 where offer.load(ordering: .relaxed) & 0xffff == 0 { dragoman_pause() }
            if ContinuousClock.now > deadline { return }
        }
    }

    /// Whether it pays to come and help.
    package var wantsHelp: Bool { backoff.isOver }

    /// Computes a part that nobody has taken; returns whether there was one.
    private func takePart() -> Bool {
        var seen = offer.load(ordering: .relaxed)
        while seen & 0xffff > 0 {
            let (isTaken, now) = offer.weakCompareExchange(
                expected: seen, desired: seen - 1, successOrdering: .acquiring, failureOrdering: .relaxed)
            guard isTaken else {
                seen = now
                continue
            }
            let (product, parts) = self.product.pointee, part = Int(seen & 0xffff) - 1
            let first = product.groups * part / parts * Self.columnGroup
            let end = product.groups * (part + 1) / parts * Self.columnGroup
            product.part(first..<min(end, product.matrix.columns)).compute()
            finished.add(1, ordering: .releasing)
            return true
        }
        return false
    }
}
