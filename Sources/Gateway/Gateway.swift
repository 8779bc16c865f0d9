/// From a request to its answer, without a socket.
package final class Gateway: Sendable {
    package struct Settings: Sendable {
        /// Characters of all texts of a request; 0: as many as fit into its body.
        package var charactersMaximum = 0
        /// Texts of a request.
        package var textsMaximum = 1000
        /// Other translations of a text.
        package var alternativesMaximum = 9
        /// Of the program.
        package var version = ""

        package init() {}
    }

    let settings: Settings
    let interpreter: Interpreter

    package init(_ interpreter: Interpreter, settings: Settings = Settings()) {
        self.interpreter = interpreter
        self.settings = settings
    }

    package func answer(_ request: WebRequest) async -> WebResponse {
        do throws(GatewayError) {
            if request.method == "OPTIONS" { return Self.options(request) }
            let (endpoint, _) = try Router.route(request)
            switch endpoint {
            case .libreTranslate(let operation):
                return LibreTranslate.shared(try await LibreTranslate(self, request).answer(operation))
            }
        } catch {
            return Self.failure(error, for: request)
        }
    }

    /// What is wrong, in the words of the interface that was meant.
    package static func failure(_ error: GatewayError, for request: WebRequest) -> WebResponse {
        var response: WebResponse
        switch Router.interface(of: request.path) {
        case .libreTranslate: response = LibreTranslate.shared(LibreTranslate.failure(error))
        }
        switch error.kind {
        case .methodNotAllowed(let methods):
            response.headers.append(("allow", (methods + ["OPTIONS"]).joined(separator: ", ")))
        case .tooMany(let seconds): response.headers.append(("retry-after", String(seconds)))
        case .unavailable: response.headers.append(("retry-after", "1"))
        case .tooLarge, .tooSlow: response.closes = true
        default: break
        }
        return response
    }

    /// What a browser asks before it lets a page of another origin ask.
    private static func options(_ request: WebRequest) -> WebResponse {
        let response = WebResponse(204)
        switch Router.interface(of: request.path) {
        case .libreTranslate: return LibreTranslate.shared(response)
        }
    }

    // MARK: What the interfaces share

    /// - Throws: `.tooLarge` when a request asks for more than the limits.
    func check(_ texts: [String]) throws(GatewayError) {
        guard texts.count <= settings.textsMaximum else {
            throw GatewayError(
                .invalid, "Invalid request: request (\(texts.count)) exceeds text limit (\(settings.textsMaximum))")
        }
        guard settings.charactersMaximum > 0 else { return }
        let characters = Self.characters(texts)
        guard characters <= settings.charactersMaximum else {
            throw GatewayError(
                .invalid, "Invalid request: request (\(characters)) exceeds text limit (\(settings.charactersMaximum))")
        }
    }

    /// As clients count them: in Unicode scalars.
    static func characters(_ texts: [String]) -> Int { texts.reduce(0) { $0 + $1.unicodeScalars.count } }
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
