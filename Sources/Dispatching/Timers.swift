import HeapModule

/// What waits for a time. A timer is not taken back when it is not wanted any more: whoever is woken looks whether it
/// still waits.
struct Timers<Subject: Sendable>: Sendable {
    private struct Timer: Comparable, Sendable {
        let at: UInt64
        /// Timers of the same time go off in the order of their setting.
        let order: UInt64
        let subject: Subject

        static func == (left: Timer, right: Timer) -> Bool { left.order == right.order }
        static func < (left: Timer, right: Timer) -> Bool { (left.at, left.order) < (right.at, right.order) }
    }

    private var heap = Heap<Timer>()
    private var order: UInt64 = 0

    var next: UInt64? { heap.min?.at }
    var count: Int { heap.count }

    mutating func set(_ subject: Subject, at time: UInt64) {
        order += 1
        heap.insert(Timer(at: time, order: order, subject: subject))
    }

    /// The earliest, if it is due.
    mutating func popDue(at now: UInt64) -> (at: UInt64, subject: Subject)? {
        guard let first = heap.min, first.at <= now else { return nil }
        heap.removeMin()
        return (first.at, first.subject)
    }

    /// Forgets those that nobody waits for.
    mutating func keep(_ isWanted: (Subject) -> Bool) {
        heap = Heap(heap.unordered.filter { isWanted($0.subject) })
    }
}
