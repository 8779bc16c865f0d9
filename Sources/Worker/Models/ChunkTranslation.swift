package import DragomanEngine
package import JobModel

/// Translates what a chunk consists of, each source as `dragoman translate` would.
package struct ChunkTranslation: Sendable {
    private let assign: Assign
    private let options: SearchOptions

    package init(_ assign: Assign) {
        self.assign = assign
        options = assign.content.options
    }

    /// - Returns: nil when the task was cancelled: nobody wants to know.
    package func outcome(from host: ModelHost) async -> ChunkOutcome? {
        do {
            return try await host.withTranslator(assign.content.model) { translator in
                let languages = try host.languages(assign.content.languages, of: assign.content.model)
                return try await outcome(from: translator, languages)
            }
        } catch is CancellationError {
            return nil
        } catch let error as TranslationError {
            return .failed(error.failure, isRetryable: false)
        } catch let error as ModelUnavailable {
            return .failed(error.failure, isRetryable: true)
        } catch {
            return .failed(Failure("internal", "a worker failed: \(type(of: error))"), isRetryable: true)
        }
    }

    /// Of a chunk with several faults, the first source's is told, however the tasks run.
    private func outcome(from translator: Translator, _ languages: LanguageSelection) async throws -> ChunkOutcome {
        let translations = try await translations(by: translator, languages).map { try $0.get() }
        let segments = translations.lazy.flatMap(\.segments)
        return .done(
            translations.map { $0.published(withTokens: assign.content.wantsTokens) },
            sourceTokens: segments.reduce(0) { $0 + UInt64($1.sourceTokens.count) }, sentences: UInt64(segments.count))
    }

    private func translations(
        by translator: Translator, _ languages: LanguageSelection
    ) async -> [Result<Translation, any Error>] {
        if assign.content.sources.count == 1 {
            return [await translate(assign.content.sources[0], by: translator, languages)]
        }
        return await withTaskGroup(of: (Int, Result<Translation, any Error>).self) { group in
            for (index, source) in assign.content.sources.enumerated() {
                group.addTask { (index, await translate(source, by: translator, languages)) }
            }
            var results: [(Int, Result<Translation, any Error>)] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func translate(
        _ source: Source, by translator: Translator, _ languages: LanguageSelection
    ) async -> Result<Translation, any Error> {
        var request = TranslationRequest(source, options: options)
        // Those of other sources may be texts.
        if case .text = source { request.glossary = assign.content.glossary }
        (request.sourceLanguage, request.targetLanguage) = (languages.source, languages.target)
        request.priority = assign.priority
        do {
            return .success(try await translator.translate(request))
        } catch {
            return .failure(error)
        }
    }
}

extension TranslationError {
    /// What a job's record says: never a source text, which some of the engine's messages quote.
    package var failure: Failure {
        switch code {
        case .nothingAllowed:
            Failure(
                code.description,
                "no output is possible for a sentence: the options forbid every token, or the model computed numbers "
                    + "that are not finite")
        case .untokenizable: Failure(code.description, "a text could not be cut into the model's tokens")
        default: Failure(code.description, message)
        }
    }
}

extension Translation {
    /// What a job's record has of it.
    package func published(withTokens: Bool) -> Translation {
        var published = self
        published.segments = []
        if !withTokens {
            for index in hypotheses.indices {
                published.hypotheses[index].tokens = []
                published.hypotheses[index].tokenScores = []
            }
        }
        return published
    }
}
