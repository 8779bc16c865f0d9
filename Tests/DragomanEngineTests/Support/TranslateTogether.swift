import DragomanEngine

/// Translates requests at the same time, so that they share batches; the results are in their order.
func translateTogether(
    _ requests: [TranslationRequest], _ translator: Translator
) async throws -> [Translation] {
    try await resultsTogether(requests, translator).map { try $0.get() }
}

/// As `translateTogether`, for requests of which some are refused.
func resultsTogether(
    _ requests: [TranslationRequest], _ translator: Translator
) async -> [Result<Translation, any Error>] {
    // No task group of `(Int, Result)`: Swift 6.3.1 mixes the indices up in release builds.
    let tasks = requests.map { request in Task { try await translator.translate(request) } }
    var results: [Result<Translation, any Error>] = []
    for task in tasks { results.append(await task.result) }
    return results
}
