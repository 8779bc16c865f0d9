internal import Clocks
internal import Synchronization

/// What is served where a part is looked at from outside: its metrics, whether it lives, and whether it is ready.
package final class MetricsDesk: Sendable {
    /// Where the answers come from. Each may be asked by many at once.
    package struct Sources: Sendable {
        /// The metrics as text; nil: they cannot be told in time.
        package var page: @Sendable () async -> String?
        /// Why the part does not live, or is not ready; nil: it does, or is.
        package var death: @Sendable () async -> String?
        package var unreadiness: @Sendable () async -> String?

        package init(
            page: @escaping @Sendable () async -> String?, death: @escaping @Sendable () async -> String?,
            unreadiness: @escaping @Sendable () async -> String?
        ) {
            self.page = page
            self.death = death
            self.unreadiness = unreadiness
        }
    }

    private let contentType: String
    private let token: Mutex<MetricsToken?>
    private let page: Shared<String?>
    private let death: Shared<String?>
    private let unreadiness: Shared<String?>

    /// However many ask, the part is asked once in this time.
    private static let age = Duration.milliseconds(500)

    /// - Parameter token: nil: metrics are for everyone who can connect.
    package init(_ sources: Sources, contentType: String, token: MetricsToken?) {
        self.contentType = contentType
        self.token = Mutex(token)
        page = Shared(for: Self.age, sources.page)
        death = Shared(for: Self.age, sources.death)
        unreadiness = Shared(for: Self.age, sources.unreadiness)
    }

    /// From here on another secret must be shown.
    package func replaceToken(with new: MetricsToken?) { token.withLock { $0 = new } }

    private struct Life: Encodable {
        let alive: Bool
        let reason: String?
    }

    private struct Readiness: Encodable {
        let ready: Bool
        let reason: String?
    }

    package func answer(_ request: WebRequest) async -> WebResponse {
        guard ["/metrics", "/livez", "/readyz"].contains(request.path) else {
            return WebResponse(404, json: ["error": "there are /metrics, /livez and /readyz"])
        }
        guard ["GET", "HEAD"].contains(request.method) else {
            var response = WebResponse(405, json: ["error": "\(request.method) is not for this path, but GET"])
            response.headers.append(("allow", "GET, HEAD"))
            return response
        }
        // What starts and stops programs has no secret, and learns no numbers.
        switch request.path {
        case "/livez":
            let reason = await death.value()
            return WebResponse(reason == nil ? 200 : 503, json: Life(alive: reason == nil, reason: reason))
        case "/readyz":
            let reason = await unreadiness.value()
            return WebResponse(reason == nil ? 200 : 503, json: Readiness(ready: reason == nil, reason: reason))
        default: return await metrics(request)
        }
    }

    private func metrics(_ request: WebRequest) async -> WebResponse {
        if let token = token.withLock(\.self), !token.admits(request.headers["authorization"]) {
            var response = WebResponse(
                401, json: ["error": "send the secret of access.metrics_token_file: Authorization: Bearer SECRET"])
            response.headers.append(("www-authenticate", "Bearer realm=\"dragoman\""))
            return response
        }
        guard let text = await page.value() else {
            var response = WebResponse(503, json: ["error": "the numbers could not be told in time; try again"])
            response.headers.append(("retry-after", "1"))
            return response
        }
        return WebResponse(200, text: Array(text.utf8), type: contentType)
    }
}

/// What many ask for and one task finds out, at most one at a time. All who ask meanwhile wait for that one: a part that
/// hangs is asked again only when it has been given up, and `age` later.
private final class Shared<Value: Sendable>: Sendable {
    private struct State {
        var task: Task<Value, Never>?
        /// In monotonic nanoseconds; nil: the task has not ended.
        var endedAt: UInt64?
    }

    private let age: Duration
    private let make: @Sendable () async -> Value
    private let state = Mutex(State())

    /// - Parameter age: How old what is told may be.
    init(for age: Duration, _ make: @escaping @Sendable () async -> Value) {
        self.age = age
        self.make = make
    }

    func value() async -> Value {
        let task = state.withLock { state in
            if let task = state.task, isFresh(state.endedAt) { return task }
            let task = Task {
                let value = await make()
                self.state.withLock { $0.endedAt = SystemClock.monotonic }
                return value
            }
            state = State(task: task)
            return task
        }
        return await task.value
    }

    private func isFresh(_ endedAt: UInt64?) -> Bool {
        guard let endedAt else { return true }
        return SystemClock.monotonic - endedAt < age.nanoseconds
    }
}
