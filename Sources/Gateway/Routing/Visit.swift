/// One request on its way to an answer: what is asked, and by whom.
struct Visit: Sendable {
    let gateway: Gateway
    let request: WebRequest
    let fields: Fields
    /// What stands at the places of "*" in the path.
    let parameters: [String]
    /// nil: no keys are asked for.
    let pass: Access.Pass?

    /// Translates within the limits of the gateway and of the key. What is not translated is not charged.
    func translate(_ wanted: Interpreter.Request) async throws(GatewayError) -> [Interpreter.Rendering] {
        let characters = try charge(wanted.texts, isDocument: wanted.isDocument)
        var wanted = wanted
        wanted.trace = request.trace
        do throws(GatewayError) {
            return try await gateway.interpreter.translate(wanted)
        } catch {
            giveBack(characters)
            throw error
        }
    }

    /// - Returns: What was charged.
    /// - Throws: When the texts are more than a request may have, or more than the key may still translate.
    func charge(_ texts: [String], isDocument: Bool = false) throws(GatewayError) -> Int {
        let characters = try check(texts, isDocument: isDocument)
        try charge(characters: characters)
        return characters
    }

    /// - Throws: When they are more than the key may still translate.
    func charge(characters: Int) throws(GatewayError) {
        if let pass { try gateway.access?.charge(characters, pass) }
        gateway.tally.count(characters: characters)
    }

    func giveBack(_ characters: Int) {
        if let pass { gateway.access?.giveBack(characters, pass) }
    }

    /// - Returns: How many characters there are, as clients count them: in Unicode scalars.
    @discardableResult
    func check(_ texts: [String], isDocument: Bool = false) throws(GatewayError) -> Int {
        let characters = texts.reduce(0) { $0 + $1.unicodeScalars.count }
        // A document is one, whatever it is made of.
        try check(texts: isDocument ? 1 : texts.count, characters: characters)
        return characters
    }

    func check(texts: Int, characters: Int) throws(GatewayError) {
        let settings = gateway.settings
        func fail(_ count: Int, _ most: Int) -> GatewayError {
            GatewayError(.invalid, "Invalid request: request (\(count)) exceeds text limit (\(most))")
        }
        guard texts <= settings.textsMaximum else { throw fail(texts, settings.textsMaximum) }
        guard settings.charactersMaximum == 0 || characters <= settings.charactersMaximum else {
            throw fail(characters, settings.charactersMaximum)
        }
    }
}
