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

        var interface: Interface {
            switch self {
            case .libreTranslate: .libreTranslate
            }
        }
    }

    static let routes = LibreTranslate.routes

    /// The endpoint, and what stands at the places of "*".
    static func route(_ request: WebRequest) throws(GatewayError) -> (endpoint: Endpoint, parameters: [String]) {
        guard let segments = request.segments else { throw GatewayError(.invalid, "the path must be UTF-8") }
        let found = routes.filter { $0.matches(segments) }
        guard !found.isEmpty else { throw GatewayError(.notFound, "there is nothing at this path") }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let route = found.first(where: { $0.methods.contains(method) }) else {
            let allowed = Set(found.flatMap(\.methods)).sorted()
            throw GatewayError(
                .methodNotAllowed(allowed),
                "\(request.method) is not for this path, but \(allowed.joined(separator: ", "))")
        }
        return (route.endpoint, zip(route.path, segments).filter { $0.0 == "*" }.map(\.1))
    }

    /// Whose words an error on a path is said in.
    static func interface(of path: String) -> Interface {
        .libreTranslate
    }
}
