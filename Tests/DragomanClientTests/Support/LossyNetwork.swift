package import TestKit

/// Messages on their way in simulated time: some are lost, some come twice, each takes a time of its own.
///
/// It is worse than any stream of ZeroMQ's, which loses and delays, but neither doubles nor reorders.
package struct LossyNetwork<Message> {
    package private(set) var random: SeededRandom
    /// Of 100 messages.
    package var lost = 20
    package var doubled = 10
    package var delayMaximum = 500

    private var underWay: [(time: Duration, order: Int, message: Message)] = []
    private var order = 0

    package init(seed: UInt64) { random = SeededRandom(seed: seed) }

    package var nextArrival: Duration? { underWay.map(\.time).min() }

    package mutating func send(_ message: Message, at now: Duration, mayDouble: Bool = true) {
        let isDoubled = random.integer(1...100) <= doubled && mayDouble
        let copies = random.integer(1...100) <= lost ? 0 : isDoubled ? 2 : 1
        for _ in 0..<copies {
            order += 1
            underWay.append((now + .milliseconds(random.integer(0...delayMaximum)), order, message))
        }
    }

    /// Loses all that is under way and of which this holds: its connection has ended.
    package mutating func lose(where isLost: (Message) -> Bool) { underWay.removeAll { isLost($0.message) } }

    /// The message that comes next, if it does by then.
    package mutating func receive(at now: Duration) -> Message? {
        guard let first = underWay.indices.min(by: { key($0) < key($1) }), underWay[first].time <= now else {
            return nil
        }
        return underWay.remove(at: first).message
    }

    private func key(_ index: Int) -> (Duration, Int) { (underWay[index].time, underWay[index].order) }

    package mutating func integer(_ range: ClosedRange<Int>) -> Int { random.integer(range) }
    package mutating func oneIn(_ count: Int) -> Bool { random.oneIn(count) }
}
