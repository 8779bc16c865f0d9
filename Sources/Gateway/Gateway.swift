internal import Clocks
internal import SettingValues

/// From a request to its answer, without a socket.
package final class Gateway: Sendable {
    package struct Settings: Sendable {
        /// Characters of all texts of a request; 0: as many as fit into its body.
        package var charactersMaximum = GatewaySettings().charactersMax
        /// Texts of a request.
        package var textsMaximum = GatewaySettings().textsMax
        /// Other translations of a text.
        package var alternativesMaximum = 9
        /// Whether there is a page to look at.
        package var servesPage = GatewaySettings().page
        /// How often those who look at the broker's state are told it.
        package var statusInterval = Duration.seconds(1)
        /// How many may look at it at once.
        package var statusViewersMaximum = 64
        /// Of the program.
        package var version = ""

        package init() {}
    }

    let settings: Settings
    let interpreter: Interpreter
    let forms: JobForms
    /// nil: no keys are asked for.
    let access: Access?
    let feeds = EventFeeds()
    let shelf = DocumentShelf()
    let statuses: StatusFeed
    let readiness = ReadinessProbe()
    let tally = RequestTally(routes: Router.routes.map { "/" + $0.path.joined(separator: "/") })

    package init(
        _ interpreter: Interpreter, forms: JobForms, access: Access? = nil, settings: Settings = Settings()
    ) {
        self.interpreter = interpreter
        self.forms = forms
        self.access = access
        self.settings = settings
        statuses = StatusFeed(interval: settings.statusInterval, viewers: settings.statusViewersMaximum)
    }

    /// The paths of our own interface, each with its method, as `GET /v1/jobs/*`.
    package static var jobRoutes: [String] {
        Jobs.routes.flatMap { route in route.methods.map { "\($0) /\(route.path.joined(separator: "/"))" } }
    }

    /// Ends streams, which do not end by themselves.
    package func drain() {
        feeds.drain()
        statuses.drain()
    }

    /// As proxies count it; HTTP has no status for it.
    private static let clientHasGone = 499

    /// Counts a request that the server has turned away by itself.
    package func countRefusal(status: Int) { tally.countRefusal(status: status) }

    /// What has been counted so far.
    package var measures: GatewayMeasures { tally.measures }

    /// Why texts would not be translated; nil: they would.
    package func unreadiness() async -> String? { await readiness.reason(interpreter.desk) }

    package func answer(_ request: WebRequest) async -> WebResponse {
        let began = SystemClock.monotonic
        var caller: String?
        var route: Int?
        var hasGone = false
        var response: WebResponse
        do throws(GatewayError) {
            if request.method == "OPTIONS" { return Self.finished(WebResponse(204), for: request) }
            let (number, endpoint, parameters) = try Router.route(request)
            route = number
            let fields = try Self.fields(of: request, endpoint)
            let pass = try access?.admit(Credential.find(in: request, fields), as: endpoint.role)
            caller = pass?.name
            let visit = Visit(gateway: self, request: request, fields: fields, parameters: parameters, pass: pass)
            response = Self.finished(try await Self.answer(endpoint, visit), for: request)
        } catch {
            response = Self.failure(error, for: request)
            hasGone = error.kind == .cancelled
        }
        response.caller = caller
        // That the client did not wait is no failure, and its answer reaches no one.
        tally.count(
            route: route, status: hasGone ? Self.clientHasGone : response.status,
            nanoseconds: SystemClock.monotonic - began)
        return response
    }

    private static func answer(
        _ endpoint: Router.Endpoint, _ visit: Visit
    ) async throws(GatewayError) -> WebResponse {
        switch endpoint {
        case .libreTranslate(let operation): try await LibreTranslate(visit: visit).answer(operation)
        case .deepL(let operation): try await DeepL(visit: visit).answer(operation)
        case .google(let operation): try await Google(visit: visit).answer(operation)
        case .jobs(let operation): try await Jobs(visit: visit).answer(operation)
        case .health(let operation): await Health(visit: visit).answer(operation)
        case .page(let operation): try Page(visit: visit).answer(operation)
        }
    }

    /// What the client says. Jobs have a form of their own, so that there only the query is looked at. A GET has no body
    /// as a rule; that of DeepL's Python client has one.
    private static func fields(of request: WebRequest, _ endpoint: Router.Endpoint) throws(GatewayError) -> Fields {
        if case .jobs = endpoint { return try Fields(query: request.query) }
        let isWithoutBody = request.body.isEmpty && ["GET", "HEAD", "DELETE"].contains(request.method)
        return isWithoutBody ? try Fields(query: request.query) : try Fields(request)
    }

    /// What is wrong, in the words of the interface that was meant.
    package static func failure(_ error: GatewayError, for request: WebRequest) -> WebResponse {
        var response =
            switch Router.interface(of: request.path) {
            case .libreTranslate: LibreTranslate.failure(error)
            case .deepL: DeepL.failure(error)
            case .google: Google.failure(error)
            case .jobs: Jobs.failure(error)
            case .page: Page.failure(error)
            }
        switch error.kind {
        case .methodNotAllowed(let methods):
            response.headers.append(("allow", (methods + ["OPTIONS"]).joined(separator: ", ")))
        case .tooMany(let seconds): response.headers.append(("retry-after", String(seconds)))
        case .unavailable: response.headers.append(("retry-after", "1"))
        case .tooLarge, .tooSlow: response.closes = true
        default: break
        }
        return finished(response, for: request)
    }

    /// Web pages of any origin may translate. They may not touch jobs and glossaries: a page could
    /// read what others have translated.
    private static func finished(_ response: WebResponse, for request: WebRequest) -> WebResponse {
        var response = response
        // What an answer is, is what it says, and not what a browser makes of its bytes.
        response.headers.append(("x-content-type-options", "nosniff"))
        guard ![.jobs, .page].contains(Router.interface(of: request.path)), !Router.isOfGlossaries(request) else {
            return response
        }
        response.headers += [
            ("access-control-allow-origin", "*"),
            ("access-control-allow-headers", "Authorization, Content-Type"),
            ("access-control-expose-headers", "Authorization, Dragoman-Models"),
            ("access-control-allow-methods", "GET, POST"),
            ("access-control-max-age", "1728000"),
        ]
        return response
    }
}

extension WebResponse {
    /// Names the models that texts went through, which no interface has a field for.
    func naming(_ renderings: [Interpreter.Rendering]) -> WebResponse {
        var models: [String] = []
        for model in renderings.flatMap(\.models) where !models.contains(model) { models.append(model) }
        guard !models.isEmpty else { return self }
        var response = self
        response.headers.append(("dragoman-models", models.joined(separator: ", ")))
        return response
    }
}
