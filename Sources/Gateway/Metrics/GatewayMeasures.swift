package import Measures
internal import Synchronization

/// What a gateway counts since its start.
package struct GatewayMeasures: Sendable {
    /// By route, as `/v1/jobs/*`, and status; 499: the client has gone before there was an answer.
    package var requests: [(route: String, status: Int, count: UInt64)] = []
    /// From a request that has come whole to its answer, in microseconds.
    package var durations = Histogram(.microseconds)
    /// Of texts to be translated.
    package var characters: UInt64 = 0
}

/// Counts requests by the routes that there are, so that clients cannot make up more.
final class RequestTally: Sendable {
    private struct State {
        /// By the route's number and the status.
        var counts: [Int: UInt64] = [:]
        var durations = Histogram(.microseconds)
        var characters: UInt64 = 0
    }

    private let routes: [String]
    private let state = Mutex(State())

    /// Of paths that are no route's.
    private static let other = "other"
    private static let statusesMaximum = 1000

    init(routes: [String]) { self.routes = routes + [Self.other] }

    /// - Parameter route: Its number; nil: none.
    func count(route: Int?, status: Int, nanoseconds: UInt64) {
        let place = key(route ?? routes.count - 1, status)
        state.withLock { state in
            state.counts[place, default: 0] += 1
            state.durations.record(nanoseconds / 1_000)
        }
    }

    /// A request that was turned away before it had come whole. It took no time that says anything.
    func countRefusal(status: Int) {
        let place = key(routes.count - 1, status)
        state.withLock { $0.counts[place, default: 0] += 1 }
    }

    func count(characters: Int) { state.withLock { $0.characters += UInt64(max(0, characters)) } }

    private func key(_ route: Int, _ status: Int) -> Int {
        route * Self.statusesMaximum + min(max(status, 0), Self.statusesMaximum - 1)
    }

    var measures: GatewayMeasures {
        let state = state.withLock(\.self)
        var measures = GatewayMeasures()
        measures.durations = state.durations
        measures.characters = state.characters
        measures.requests = state.counts.sorted { $0.key < $1.key }.map { key, count in
            (routes[key / Self.statusesMaximum], key % Self.statusesMaximum, count)
        }
        return measures
    }
}
