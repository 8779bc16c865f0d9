import Dispatching
import JobModel
import TestKit

/// A message on its way.
struct Letter {
    var envelope: Envelope
    var connection: Connection
    var isToBroker: Bool
    /// Of the broker that sent it.
    var brokerLife: Int
}

/// When, and how often, a letter arrives.
struct Network {
    let weather: Scenario.Weather
    /// Until when nodes are cut off, and whether what they say or hear meanwhile comes later, as TCP would have it.
    private var cuts: [NodeID: (until: UInt64, isHeld: Bool)] = [:]
    /// The last arrival of each direction of a connection, where order is kept.
    private var lastArrivals: [Direction: UInt64] = [:]
    var isCalm = false

    private struct Direction: Hashable {
        var connection: Connection
        var isToBroker: Bool
    }

    init(_ weather: Scenario.Weather) { self.weather = weather }

    mutating func cut(_ node: NodeID, until time: UInt64, isHeld: Bool) { cuts[node] = (time, isHeld) }

    /// All faults end.
    mutating func calm() {
        isCalm = true
        cuts = [:]
    }

    /// - Returns: the times at which copies arrive.
    mutating func arrivals(of letter: Letter, at now: UInt64, random: inout SeededRandom) -> [UInt64] {
        var delay = UInt64(random.integer(50...1000)) * Span.microsecond
        let node = letter.connection.node
        if isCalm || weather.spares == node.kind { return [inOrder(letter, now + delay)] }
        if let cut = cuts[node], cut.until > now {
            guard cut.isHeld else { return [] }
            delay += cut.until - now
        }
        if random.integer(1...1000) <= weather.lossesPerThousand { return [] }
        if random.integer(1...1000) <= weather.stragglersPerThousand {
            delay += UInt64(random.integer(1...weather.straggleMilliseconds)) * Span.millisecond
        } else {
            delay += UInt64(random.integer(0...weather.jitterMicroseconds)) * Span.microsecond
        }
        var times = [weather.keepsOrder ? inOrder(letter, now + delay) : now + delay]
        if random.integer(1...1000) <= weather.doublesPerThousand {
            times.append(times[0] + UInt64(random.integer(0...weather.straggleMilliseconds)) * Span.millisecond)
        }
        return times
    }

    private mutating func inOrder(_ letter: Letter, _ time: UInt64) -> UInt64 {
        let direction = Direction(connection: letter.connection, isToBroker: letter.isToBroker)
        let arrival = max(time, lastArrivals[direction] ?? 0)
        lastArrivals[direction] = arrival
        return arrival
    }
}
