internal import JobModel
internal import Synchronization

/// The broker's state as server-sent events. However many look, the broker is asked once an interval, and while no one looks
/// it is not asked at all. Who reads slowly misses what has been replaced by something newer.
final class StatusFeed: Sendable {
    typealias Question = @Sendable () async throws(GatewayError) -> [UInt8]

    private struct Viewer {
        var output: AsyncStream<[UInt8]>.Continuation
        /// Whether its key still lets it look.
        var isAdmitted: @Sendable () -> Bool
    }

    private struct State {
        var viewers: [UInt64: Viewer] = [:]
        var last: UInt64 = 0
        /// The latest event, while there are viewers.
        var latest: [UInt8]?
        var asking: Task<Void, Never>?
        var isDraining = false
    }

    private let interval: Duration
    private let viewersMaximum: Int
    private let state = Mutex(State())

    init(interval: Duration, viewers: Int) {
        self.interval = interval
        viewersMaximum = viewers
    }

    /// - Parameter question: Asks the broker; that of the first viewer is asked for all.
    /// - Throws: `.unavailable` when there are too many viewers.
    func open(
        isAdmitted: @escaping @Sendable () -> Bool = { true }, _ question: @escaping Question
    ) throws(GatewayError) -> EventStream {
        let (events, output) = AsyncStream<[UInt8]>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state -> UInt64? in
            guard state.viewers.count < viewersMaximum else { return nil }
            guard !state.isDraining else {
                output.finish()
                return 0
            }
            state.last += 1
            state.viewers[state.last] = Viewer(output: output, isAdmitted: isAdmitted)
            if let latest = state.latest { output.yield(latest) }
            // It holds on to the feed until the last viewer has gone.
            if state.asking == nil { state.asking = Task { await ask(question) } }
            return state.last
        }
        guard let number else {
            throw GatewayError(
                .unavailable, "\(viewersMaximum) clients look at the broker's state already; try again later")
        }
        return EventStream(events: events) { [self] in close(number) }
    }

    /// Ends all streams, as they do not end by themselves.
    func drain() {
        let (outputs, asking) = state.withLock { state in
            defer {
                state.viewers = [:]
                state.asking = nil
                state.isDraining = true
            }
            return (state.viewers.values.map(\.output), state.asking)
        }
        asking?.cancel()
        for output in outputs { output.finish() }
    }

    private func close(_ number: UInt64) {
        let (output, asking) = state.withLock { state in
            let output = state.viewers.removeValue(forKey: number)?.output
            guard state.viewers.isEmpty else { return (output, Task<Void, Never>?.none) }
            state.latest = nil
            return (output, state.asking.take())
        }
        asking?.cancel()
        output?.finish()
    }

    private func ask(_ question: Question) async {
        while !Task.isCancelled {
            do throws(GatewayError) {
                publish(EventFeed.event("status", id: nil, try await question()))
            } catch {
                let failure = Jobs.Failure(code: error.kind.code, message: error.message)
                publish(EventFeed.event("error", id: nil, WebResponse.encoded(["error": failure])))
            }
            try? await Task.sleep(for: interval)
        }
    }

    private func publish(_ event: [UInt8]) {
        // One whose viewers have gone has nothing to say to those that came later.
        guard !Task.isCancelled else { return }
        let viewers = state.withLock { state in
            if !state.viewers.isEmpty { state.latest = event }
            return state.viewers
        }
        for (number, viewer) in viewers {
            guard viewer.isAdmitted() else {
                close(number)
                continue
            }
            viewer.output.yield(event)
        }
    }
}
