package import DragomanEngine
package import JobModel
import Worker

/// Makes requests of lines.
package struct RequestParser: Sendable {
    package var format: InputFormat
    /// The options of requests that have none of their own.
    package var options: SearchOptions

    package init(format: InputFormat, options: SearchOptions = SearchOptions()) {
        self.format = format
        self.options = options
    }

    /// - Parameter target: The line of a second file that is to be scored against this one.
    package func request(_ line: Line, target: Line? = nil) throws(RequestError) -> TranslationRequest {
        let source = try contents(of: line)
        let targetInput: TranslationRequest.Input?
        if let target {
            do {
                targetInput = input(try contents(of: target))
            } catch {
                var error = error
                error.message = "target: \(error.message)"
                throw error
            }
        } else {
            targetInput = nil
        }
        if format == .jsonl { return try JSONRequest(source).request(defaults: options) }
        return TranslationRequest(
            input(source), options: options.translationOptions(prefixIsTokens: format == .tokens), target: targetInput)
    }

    private func contents(of line: Line) throws(RequestError) -> String {
        guard !line.isTooLong else {
            throw RequestError(.tooLong, "longer than \(LineReader.lineBytesMaximum >> 20) MiB")
        }
        return try StrictUTF8.string(line.content)
    }

    private func input(_ source: String) -> TranslationRequest.Input {
        format == .tokens ? .tokens(Tokens.split(source)) : .text(source)
    }
}
