import HeapModule

/// What is to happen, by time; what is to happen at the same time, in the order of the planning.
struct Agenda {
    private struct Entry: Comparable {
        let at: UInt64
        let order: UInt64
        let happening: Happening

        static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
        static func < (left: Entry, right: Entry) -> Bool { (left.at, left.order) < (right.at, right.order) }
    }

    private var heap = Heap<Entry>()
    private var order: UInt64 = 0

    mutating func plan(_ happening: Happening, at time: UInt64) {
        order += 1
        heap.insert(Entry(at: time, order: order, happening: happening))
    }

    mutating func next() -> (at: UInt64, happening: Happening)? { heap.popMin().map { ($0.at, $0.happening) } }
}

/// One step of the simulation. A `life` counts the starts of a process: what was planned for an earlier one is void.
enum Happening {
    case arrival(Letter)
    case tick(NodeID)
    case start(NodeID)
    /// The disk has done, or failed, what it was at.
    case synced(life: Int)
    case readEnded(life: Int)
    /// The broker's loop takes what other threads have for it.
    case inbox(life: Int)
    /// The worker's loop looks whether the engine moves.
    case watch(worker: Int, life: Int)
    case engineEnded(worker: Int, life: Int, EngineTask)
    case produce(producer: Int, life: Int)
    case acknowledge(consumer: Int, life: Int, upTo: UInt64)
    case mischief
}
