import DragomanEngine

/// Translates a workload several times and takes the time.
package struct Measurement: Sendable {
    private let workload: BenchWorkload
    private let isLatency: Bool
    private let inFlight: Int
    private let repetitions: Int

    /// - Parameter inFlight: The most requests at a time; nil for all.
    package init(workload: BenchWorkload, isLatency: Bool, inFlight: Int? = nil, repetitions: Int) {
        self.workload = workload
        self.isLatency = isLatency
        self.inFlight = inFlight ?? workload.requests.count
        self.repetitions = repetitions
    }

    /// How many requests are measured.
    package var requestCount: Int { workload.requests.count * repetitions }

    /// - Parameters:
    ///   - begin: Called when all is warm and the first repetition is to begin.
    ///   - each: Called after each request that is measured.
    package func run(
        _ translate: @escaping TranslationSession.Translate, begin: () -> Void = {},
        each: @escaping @Sendable () -> Void = {}
    ) async throws -> BenchFigures {
        // Memory that is touched and pages that are read for the first time belong to loading.
        for request in workload.requests.prefix(4) { _ = try await translate(request) }
        begin()
        let counted: TranslationSession.Translate = { request in
            defer { each() }
            return try await translate(request)
        }
        var figures = BenchFigures(requests: workload.requests.count)
        for _ in 0..<repetitions {
            let start = ContinuousClock.now
            let tokens =
                isLatency
                ? try await oneByOne(counted, &figures.latencies) : try await together(counted)
            figures.tokens = tokens
            figures.seconds.append((ContinuousClock.now - start) / .seconds(1))
        }
        return figures
    }

    /// Returns the number of tokens.
    private func oneByOne(
        _ translate: TranslationSession.Translate, _ latencies: inout [Double]
    ) async throws -> Int {
        var tokens = 0
        for request in workload.requests {
            let start = ContinuousClock.now
            tokens += Self.tokens(try await translate(request))
            latencies.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        return tokens
    }

    private func together(_ translate: @escaping TranslationSession.Translate) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            var tokens = 0
            for (index, request) in workload.requests.enumerated() {
                if index >= inFlight { tokens += try await group.next() ?? 0 }
                group.addTask { Self.tokens(try await translate(request)) }
            }
            return try await group.reduce(tokens, +)
        }
    }

    private static func tokens(_ translation: Translation) -> Int { translation.hypotheses[0].tokens.count }
}
