import Dispatch
import Hub
import JobModel
import Synchronization

/// Sends spans to a collector, over OTLP/HTTP: some at a time, and never in the way of those who make them. While the collector
/// does not answer they are kept, up to a limit; then the newest are lost, and counted, as are those that it refuses.
package final class SpanExporter: Sendable {
    package struct Settings: Sendable {
        /// The collector's, without `/v1/traces`.
        package var endpoint: String
        /// Who makes the spans.
        package var resource: [Span.Attribute]
        package var version: String
        package var environment: [String: String]

        package init(
            endpoint: String, resource: [Span.Attribute], version: String, environment: [String: String]
        ) {
            self.endpoint = endpoint
            self.resource = resource
            self.version = version
            self.environment = environment
        }
    }

    /// What the operator is to know.
    package enum Report: Sendable, Hashable {
        /// The collector does not take spans, for this reason.
        case failing(String)
        /// It takes them again.
        case recovered
        case lost(Int)
    }

    private static let spansMaximum = 16_384
    private static let spansAtATime = 512
    private static let pause = Duration.seconds(1)
    private static let pauseMaximum = Duration.seconds(60)
    /// How long the end waits for the collector.
    private static let patience = Duration.seconds(2)

    private let settings: Settings
    private let report: @Sendable (Report) -> Void
    private let queue = DispatchQueue(label: "dragoman.spans")
    private let state = Mutex(State())
    private let stopped = Stop()

    private struct State {
        var spans: [Span] = []
        var lost = 0
        var isPlanned = false
        /// Why it does not take them; nil: it does.
        var problem: String?
        var backoff = Backoff(base: SpanExporter.pause, maximum: SpanExporter.pauseMaximum, seed: 0)
        var failures = 0
    }

    /// - Parameter report: Called on a thread of its own.
    package init(_ settings: Settings, report: @escaping @Sendable (Report) -> Void) {
        self.settings = settings
        self.report = report
    }

    package func export(_ spans: [Span]) {
        let isToPlan = state.withLock { state in
            let room = Self.spansMaximum - state.spans.count
            state.spans += spans.prefix(room)
            state.lost += max(0, spans.count - room)
            defer { state.isPlanned = true }
            return !state.isPlanned
        }
        if isToPlan { plan(after: Self.pause) }
    }

    /// Sends what there is, once, where the collector takes it at once; and no more after that.
    package func stop() {
        if state.withLock({ $0.problem == nil }) {
            let isDone = DispatchSemaphore(value: 0)
            queue.async { [self] in
                _ = sendAll()
                isDone.signal()
            }
            _ = isDone.wait(timeout: .now() + .milliseconds(Int(Self.patience / .milliseconds(1))))
        }
        // Ends what is on its way.
        stopped.request()
        let lost = state.withLock { $0.lost + $0.spans.count }
        if lost > 0 { report(.lost(lost)) }
    }

    private func plan(after pause: Duration) {
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(pause / .milliseconds(1)))) { [weak self] in
            guard let self, !stopped.isRequested else { return }
            let hasSent = sendAll()
            let next = state.withLock { state -> Duration? in
                state.failures = hasSent ? 0 : state.failures + 1
                state.isPlanned = !state.spans.isEmpty
                guard state.isPlanned else { return nil }
                return hasSent ? Self.pause : state.backoff.wait(after: state.failures)
            }
            if let next { plan(after: next) }
        }
    }

    /// - Returns: Whether the collector answers.
    private func sendAll() -> Bool {
        while true {
            let spans = state.withLock { Array($0.spans.prefix(Self.spansAtATime)) }
            guard !spans.isEmpty else { return true }
            do {
                try send(spans)
                settle(spans.count, problem: nil)
            } catch let refusal as Refusal where !refusal.isForNow {
                // To send the same again would be of no use, and newer ones wait.
                settle(spans.count, problem: refusal.description)
            } catch {
                tell(Self.words(error))
                return false
            }
        }
    }

    /// - Parameter problem: Why the collector refused them; nil: it took them.
    private func settle(_ count: Int, problem: String?) {
        let lost = state.withLock { state -> Int in
            state.spans.removeFirst(count)
            guard problem == nil else {
                state.lost += count
                return 0
            }
            defer { state.lost = 0 }
            return state.lost
        }
        tell(problem)
        if lost > 0 { report(.lost(lost)) }
    }

    /// Reports what is new.
    private func tell(_ problem: String?) {
        let isNews = state.withLock { state in
            defer { state.problem = problem }
            return state.problem != problem
        }
        if isNews { report(problem.map(Report.failing) ?? .recovered) }
    }

    private static func words(_ error: any Error) -> String {
        (error as? TransferFailure)?.problem ?? (error as? HubError)?.message ?? "\(error)"
    }

    private func send(_ spans: [Span]) throws {
        var limits = CurlTransport.Limits()
        (limits.connectMilliseconds, limits.stallSeconds) = (3000, 5)
        let transport = try CurlTransport(
            limits: limits, userAgent: "dragoman/\(settings.version)", environment: settings.environment, stop: stopped)
        var request = HTTPRequest(
            settings.endpoint + (settings.endpoint.hasSuffix("/") ? "" : "/") + "v1/traces",
            headers: [("Content-Type", "application/x-protobuf")])
        request.body = SpanMessage.bytes(spans, of: settings.resource, version: settings.version)
        let answer = Answer()
        _ = try transport.send(request, into: answer)
        guard (200...299).contains(answer.status) else {
            throw Refusal(status: answer.status, address: request.address)
        }
    }

    private final class Answer: AnswerReceiver {
        private(set) var status = 0

        func begin(_ head: HTTPHead) { status = head.status }
        func take(_ bytes: UnsafeRawBufferPointer) {}
    }

    private struct Refusal: Error, CustomStringConvertible {
        let status: Int
        let address: String

        /// Whether the same may be taken later: https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
        var isForNow: Bool { [429, 502, 503, 504].contains(status) }

        var description: String { "\(address) answers with HTTP status \(status)" }
    }
}
