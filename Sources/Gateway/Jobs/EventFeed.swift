internal import JobModel
internal import Synchronization

/// The results that clients read at present.
final class EventFeeds: Sendable {
    private struct Open {
        var number: UInt64
        var stream: ResultStream
        var sent: SentRecords
        var stop: @Sendable () -> Void
    }

    private struct State {
        var open: [String: Open] = [:]
        var last: UInt64 = 0
        var isDraining = false
    }

    private let state = Mutex(State())

    /// Of two of one name, the broker serves the later one.
    ///
    /// - Returns: What to give to `remove`.
    func add(
        _ stream: ResultStream, _ sent: SentRecords, consumer: String, stop: @escaping @Sendable () -> Void
    ) -> UInt64 {
        let (number, isDraining) = state.withLock { state in
            state.last += 1
            state.open[consumer] = Open(number: state.last, stream: stream, sent: sent, stop: stop)
            return (state.last, state.isDraining)
        }
        if isDraining { stop() }
        return number
    }

    func remove(_ number: UInt64, consumer: String) {
        state.withLock { state in
            if state.open[consumer]?.number == number { state.open[consumer] = nil }
        }
    }

    /// - Returns: Whether the consumer reads here, and has been sent the record.
    func acknowledge(_ sequence: UInt64, consumer: String) -> Bool {
        guard let open = state.withLock({ $0.open[consumer] }), sequence <= open.sent.last else { return false }
        open.stream.acknowledge(sequence)
        return true
    }

    /// Ends all, as they do not end by themselves.
    func drain() {
        let stops = state.withLock { state in
            state.isDraining = true
            return state.open.values.map(\.stop)
        }
        for stop in stops { stop() }
    }
}

/// How far a reader has been sent its records: no other may be acknowledged.
final class SentRecords: Sendable {
    private let sequence = Mutex<UInt64>(0)

    var last: UInt64 { sequence.withLock(\.self) }

    func send(_ record: UInt64) { sequence.withLock { $0 = record } }
}

/// Records as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): the number of each is
/// its event's id.
enum EventFeed {
    /// So often something is sent, so that a connection that is gone is noticed, and proxies keep it.
    private static let beat = Duration.seconds(15)

    static func start(
        _ stream: ResultStream, consumer: String, record: @escaping @Sendable (Record) -> [UInt8], in feeds: EventFeeds
    ) -> EventStream {
        let (events, output) = AsyncStream<[UInt8]>.makeStream()
        // Says at once that the stream is open.
        output.yield(Array(": \(stream.position)\n\n".utf8))
        let sent = SentRecords()
        let reading = Task {
            do throws(GatewayError) {
                while let next = try await stream.next() {
                    sent.send(next.sequence)
                    output.yield(event("record", id: next.sequence, record(next)))
                }
            } catch {
                let failure = Jobs.Failure(code: error.kind.code, message: error.message)
                output.yield(event("error", id: nil, WebResponse.encoded(["error": failure])))
            }
            output.finish()
        }
        let beating = Task {
            while true {
                try await Task.sleep(for: beat)
                output.yield(Array(":\n\n".utf8))
            }
        }
        let stop: @Sendable () -> Void = {
            reading.cancel()
            beating.cancel()
            output.finish()
        }
        let number = feeds.add(stream, sent, consumer: consumer, stop: stop)
        return EventStream(
            events: events,
            stop: {
                stop()
                feeds.remove(number, consumer: consumer)
                Task { await stream.close() }
            })
    }

    /// `data` has no line break, as JSON in one line.
    static func event(_ name: String, id: UInt64?, _ data: [UInt8]) -> [UInt8] {
        let head = (id.map { "id: \($0)\n" } ?? "") + "event: \(name)\ndata: "
        return Array(head.utf8) + data + Array("\n\n".utf8)
    }
}
