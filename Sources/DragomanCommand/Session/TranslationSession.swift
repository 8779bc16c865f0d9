package import DragomanEngine

/// Reads requests, has them translated many at a time, and writes their results in order, each as soon as it is there.
///
///     reading thread ──▶ Window.admit ──▶ a task for each request ──▶ Window.finish ──▶ writing thread
///
/// What is in memory at a time is bounded by the window's limits, however long the input and however slow its reader.
package struct TranslationSession: Sendable {
    package typealias Translate = @Sendable (TranslationRequest) async throws -> Translation

    package var input: InputFile
    /// Targets to be scored, line by line beside `input`.
    package var targets: InputFile?
    package var parser: RequestParser
    package var format: ResultFormat
    package var output: OutputFile
    package var messages: OutputFile
    package var showsProgress = false
    package var limits = Window.Limits()
    package var translate: Translate

    package init(
        input: InputFile, targets: InputFile? = nil, parser: RequestParser, format: ResultFormat, output: OutputFile,
        messages: OutputFile, translate: @escaping Translate
    ) {
        self.input = input
        self.targets = targets
        self.parser = parser
        self.format = format
        self.output = output
        self.messages = messages
        self.translate = translate
    }

    /// Serves all requests.
    ///
    /// - Returns: Whether all were served.
    /// - Throws: `CommandError` when reading or writing fails. What was read before is still served.
    package func run() async throws -> ExitStatus {
        let window = SharedWindow(limits: limits)
        let requests = startReading(into: window)
        async let fault = serve(requests, window)
        let writer = ResultWriter(session: self, window: window)
        // When writing fails, leaving this scope cancels `serve`, and with it the requests that are being translated.
        let failureCount = try await onBlockingThread(named: "output") { try writer.run() }
        if let fault = await fault { throw fault }
        return failureCount == 0 ? .success : .requestsFailed
    }

    private struct Request: Sendable {
        var index: Int
        var source: LineSource.Pair
    }

    /// The thread may outlive the session when that ends early, waiting for input that nobody needs.
    private func startReading(into window: SharedWindow) -> AsyncThrowingStream<Request, any Error> {
        let (requests, feed) = AsyncThrowingStream<Request, any Error>.makeStream()
        feed.onTermination = { _ in window.stop() }
        startBlockingThread(named: "input") { [input, targets, parser] in
            do {
                var source = LineSource(input, targets: targets, takesWholeText: parser.format == .text)
                while let pair = try source.next(), let index = window.admit(bytes: pair.byteCount) {
                    feed.yield(Request(index: index, source: pair))
                }
                window.end()
                feed.finish()
            } catch {
                feed.finish(throwing: error)
            }
        }
        return requests
    }

    /// - Returns: Why the input ended before its end.
    private func serve(
        _ requests: AsyncThrowingStream<Request, any Error>, _ window: SharedWindow
    ) async -> (any Error)? {
        defer { window.close() }
        return await withDiscardingTaskGroup { group in
            do {
                for try await request in requests {
                    group.addTask { window.finish(request.index, await outcome(of: request)) }
                }
                return nil
            } catch {
                return error
            }
        }
    }

    private func outcome(of item: Request) async -> Outcome {
        let line = item.source.line
        do {
            let request = try parser.request(line, target: item.source.target)
            let translation = try await translate(request)
            return format.outcome(index: item.index, line: line, request: request, translation)
        } catch {
            return format.outcome(index: item.index, line: line, RequestError(error))
        }
    }
}
