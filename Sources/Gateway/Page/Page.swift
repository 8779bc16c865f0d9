/// What people see in a browser: a page to translate with, and one to look at the broker with. Both use the interfaces that
/// other clients use, and nothing that is not in this program.
struct Page {
    enum Operation: Sendable, Hashable {
        case translate, operate, file
    }

    static let routes: [Router.Route] = [
        Router.Route(["GET"], "/", .page(.translate)),
        Router.Route(["GET"], "/operate", .page(.operate)),
        Router.Route(["GET"], "/page/*", .page(.file)),
    ]

    let visit: Visit

    func answer(_ operation: Operation) throws(GatewayError) -> WebResponse {
        guard visit.gateway.settings.servesPage, let file = Self.file(operation, visit.parameters) else {
            throw GatewayError(.notFound, "there is nothing at this path")
        }
        if let condition = visit.request.headers["if-none-match"], file.isKnown(to: condition) {
            return Self.guarded(WebResponse(304), file)
        }
        return Self.guarded(WebResponse(200, text: file.content, type: file.type), file)
    }

    private static func file(_ operation: Operation, _ parameters: [String]) -> PageFile? {
        switch operation {
        case .translate: PageFile.all["translate.html"]
        case .operate: PageFile.all["operate.html"]
        case .file: parameters.first.flatMap { PageFile.all[$0] }
        }
    }

    /// Nothing that is not of this origin is fetched, run, shown or sent to, and no other page may show this one in a frame.
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    private static func guarded(_ response: WebResponse, _ file: PageFile) -> WebResponse {
        var response = response
        response.headers += [
            ("content-security-policy", policy),
            ("referrer-policy", "no-referrer"),
            // Names do not change with the program; a browser asks each time, and mostly hears that it has the file.
            ("cache-control", "no-cache"),
            ("etag", file.tag),
        ]
        return response
    }

    static func failure(_ error: GatewayError) -> WebResponse {
        WebResponse(error.status, text: Array("\(error.message)\n".utf8), type: "text/plain; charset=utf-8")
    }
}
