package import DragomanEngine

/// Makes requests of lines.
package struct RequestParser: Sendable {
    package var format: InputFormat
    /// The options of requests that have none of their own.
    package var options: SearchOptions
    /// The languages of requests that name none.
    package var languages: RequestLanguages
    /// The terms of requests that have none of their own.
    package var glossary: Glossary?

    package init(
        format: InputFormat, options: SearchOptions = SearchOptions(), languages: RequestLanguages = RequestLanguages(),
        glossary: Glossary? = nil
    ) {
        self.format = format
        self.options = options
        self.languages = languages
        self.glossary = glossary
    }

    /// - Parameter target: The line of a second file that is to be scored against this one.
    package func request(_ line: Line, target: Line? = nil) throws(RequestError) -> TranslationRequest {
        let content = try contents(of: line)
        let targetSource: Source?
        if let target {
            do {
                targetSource = source(try contents(of: target))
            } catch {
                var error = error
                error.message = "target: \(error.message)"
                throw error
            }
        } else {
            targetSource = nil
        }
        if format == .jsonl {
            return try JSONRequest(content).request(defaults: options, languages: languages, glossary: glossary)
        }
        var options = options
        if format == .tokens, case .text(let prefix) = options.prefix { options.prefix = .tokens(Tokens.split(prefix)) }
        var request = TranslationRequest(
            self.source(content), options: options, target: targetSource, glossary: glossary)
        languages.set(&request)
        return request
    }

    private func contents(of line: Line) throws(RequestError) -> String {
        guard !line.isTooLong else {
            throw RequestError(.tooLong, "longer than \(LineReader.lineBytesMaximum >> 20) MiB")
        }
        return try StrictUTF8.string(line.content)
    }

    private func source(_ content: String) -> Source {
        format == .tokens ? .tokens(Tokens.split(content)) : .text(content)
    }
}
