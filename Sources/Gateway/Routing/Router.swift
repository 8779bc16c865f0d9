/// Which endpoint a request is for. A table, so that what is served can be read, listed and tested.
struct Router: Sendable {
    struct Route: Sendable {
        let methods: [String]
        /// The path's parts; "*" is any one.
        let path: [String]
        let endpoint: Endpoint

        init(_ methods: [String], _ path: String, _ endpoint: Endpoint) {
            self.methods = methods
            self.path = path.split(separator: "/").map(String.init)
            self.endpoint = endpoint
        }

        func matches(_ segments: [String]) -> Bool {
            path.count == segments.count && zip(path, segments).allSatisfy { $0 == "*" || $0 == $1 }
        }
    }

    enum Endpoint: Sendable, Hashable {
        case libreTranslate(LibreTranslate.Operation)
        case deepL(DeepL.Operation)
        case google(Google.Operation)
        case jobs(Jobs.Operation)
        case health(Health.Operation)
        case page(Page.Operation)
    }

    static let routes =
        LibreTranslate.routes + DeepL.routes + Google.routes + Jobs.routes + Health.routes + Page.routes

    /// The route's number and endpoint, and what stands at the places of "*".
    static func route(
        _ request: WebRequest
    ) throws(GatewayError) -> (number: Int, endpoint: Endpoint, parameters: [String]) {
        guard let segments = request.segments else { throw GatewayError(.invalid, "the path must be UTF-8") }
        let found = routes.enumerated().filter { $0.element.matches(segments) }
        guard !found.isEmpty else { throw GatewayError(.notFound, "there is nothing at this path") }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let route = found.first(where: { $0.element.methods.contains(method) }) else {
            let allowed = Set(found.flatMap(\.element.methods)).sorted()
            throw GatewayError(
                .methodNotAllowed(allowed),
                "\(request.method) is not for this path, but \(allowed.joined(separator: ", "))")
        }
        return (route.offset, route.element.endpoint, zip(route.element.path, segments).filter { $0.0 == "*" }.map(\.1))
    }

    /// Whether a path is that of something kept, which pages of other origins may not use, in an interface that they may.
    static func isOfGlossaries(_ request: WebRequest) -> Bool {
        guard let segments = request.segments else { return false }
        return routes.contains { route in
            guard case .deepL(.glossaries) = route.endpoint else { return false }
            return route.matches(segments)
        }
    }

    /// Whose words an error on a path is said in.
    static func interface(of path: String) -> Interface {
        // As routes see it: a browser's question about a path (CORS) is answered for what the path leads to.
        let first = path.split(separator: "/").first
        return switch first.map({ PercentEncoding.decoded($0, plusIsBlank: false) ?? String($0) }) {
        case "v1"?: .jobs
        case "v2"?: .deepL
        case "language"?: .google
        case nil, "operate"?, "page"?: .page
        default: .libreTranslate
        }
    }
}

extension Router.Endpoint {
    /// Which role a key must have; nil: no key is needed to see what there is.
    var role: KeyRing.Role? {
        switch self {
        case .libreTranslate(.languages), .libreTranslate(.frontendSettings), .libreTranslate(.health),
            .libreTranslate(.spec), .libreTranslate(.suggest), .jobs(.specification), .health,
            .page:
            nil
        // The address was given to who may translate, and cannot be guessed; clients fetch it as it is.
        case .libreTranslate(.download): nil
        // Those of other keys, too. To translate with one, its id or name has to be known.
        case .deepL(.glossaries): .glossaries
        case .libreTranslate, .deepL, .google: .translate
        case .jobs(.submit), .jobs(.job), .jobs(.cancel): .jobs
        // Those of other keys, too: no id has to be known.
        case .jobs(.dead), .jobs(.retryDead), .jobs(.dropDead): .dead
        case .jobs(.results), .jobs(.acknowledge): .results
        case .jobs(.status), .jobs(.statusEvents): .status
        }
    }
}
