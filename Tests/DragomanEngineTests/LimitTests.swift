import DragomanEngine
import TestKit
import Testing

@Suite("What just fits a model is translated, and what is one token longer is refused")
struct LimitTests {
    enum Search: CaseIterable {
        case greedy, beam, sampling

        func apply(to options: inout SearchOptions) {
            options.beamSize = self == .beam ? 5 : 1
            options.nBest = self == .greedy ? 1 : 3
            if self == .sampling { (options.samplingTopK, options.temperature, options.seed) = (20, 2, 7) }
        }
    }

    @Test(
        "the longest source and the longest target, alone and among others", arguments: EngineModel.tiny,
        Search.allCases)
    func longest(name: String, search: Search) async throws {
        let (model, translator) = try load(name)
        let limits = Limits(translator)
        var random = SeededRandom(seed: 1)
        let requests = (0..<12).map { index in
            // The first one is at both limits, the others are here and there.
            let length = index == 0 ? limits.source : random.integer(1...limits.source)
            var request = TranslationRequest(.tokens((0..<length).map { _ in random.choice(model.source) }))
            search.apply(to: &request.options)
            request.options.maximumLength = index < 4 ? limits.target : nil
            request.options.minimumLength = index < 4 ? limits.target : nil
            request.options.alignments = index.isMultiple(of: 2)
            return request
        }
        var alone: [Translation] = []
        for request in requests { alone.append(try await translator.translate(request)) }
        #expect(try await translateTogether(requests, translator) == alone)
        for (request, translation) in zip(requests, alone).prefix(4) {
            #expect(translation.hypotheses.count == request.options.nBest)
            for hypothesis in translation.hypotheses {
                #expect(hypothesis.tokens.count == limits.target)
                #expect(hypothesis.tokenScores.count == limits.target + (limits.forcesEnd ? 1 : 0))
                #expect(hypothesis.isTruncated)
                #expect(hypothesis.score?.isFinite == true)
                for row in hypothesis.alignment ?? [] {
                    #expect(row.count == translation.segments[0].sourceTokens.count + 1)
                }
            }
        }
    }

    @Test("a prefix as long as the longest target leaves nothing to choose", arguments: EngineModel.tiny)
    func longestPrefix(name: String) async throws {
        let (model, translator) = try load(name)
        let limits = Limits(translator)
        let forced = translator.description.defaults.forcedFirstToken.map { [model.target[$0]] } ?? []
        let prefix = forced + Array(repeating: model.target[4], count: limits.target - forced.count)
        for search in Search.allCases {
            var request = TranslationRequest(.tokens(Array(repeating: model.source[5], count: limits.source)))
            search.apply(to: &request.options)
            request.options.maximumLength = limits.target
            request.options.prefix = .tokens(prefix)
            let found = try await translator.translate(request)
            #expect(found.hypotheses.allSatisfy { $0.tokens == prefix && $0.isTruncated })
            request.options.prefix = .tokens(prefix + [model.target[4]])
            await expectError(.invalidOption, request, translator)
        }
    }

    @Test("the longest target is scored, alone and among others", arguments: EngineModel.tiny)
    func scoring(name: String) async throws {
        let (model, translator) = try load(name)
        let limits = Limits(translator)
        let source = Array(repeating: model.source[5], count: limits.source)
        let target = (0..<limits.scoredTarget).map { model.target[5 + $0 % 40] }
        var requests = (0...limits.scoredTarget).map {
            TranslationRequest(.tokens(source), target: .tokens(Array(target.prefix($0))))
        }
        requests[limits.scoredTarget].options.alignments = true
        var alone: [Translation] = []
        for request in requests { alone.append(try await translator.translate(request)) }
        #expect(try await translateTogether(requests, translator) == alone)
        for (length, translation) in alone.enumerated() {
            let hypothesis = translation.hypotheses[0]
            #expect(hypothesis.tokens == Array(target.prefix(length)))
            #expect(hypothesis.tokenScores.count == length + 1)
            #expect(hypothesis.score?.isFinite == true)
            // A target's first scores are those of the shorter target.
            #expect(
                hypothesis.tokenScores.prefix(length)
                    == alone[limits.scoredTarget].hypotheses[0].tokenScores.prefix(length))
        }
        let longer = TranslationRequest(.tokens(source), target: .tokens(target + [model.target[5]]))
        await expectError(.tooLong, longer, translator)
    }

    @Test("one token more than fits is refused", arguments: EngineModel.tiny)
    func tooLong(name: String) async throws {
        let (model, translator) = try load(name)
        let limits = Limits(translator)
        await expectError(
            .tooLong, TranslationRequest(.tokens(Array(repeating: model.source[5], count: limits.source + 1))),
            translator)
        var request = TranslationRequest(.tokens([model.source[5]]))
        request.options.maximumLength = limits.target + 1
        await expectError(.invalidOption, request, translator)
    }

    /// In tokens, without `</s>`.
    private struct Limits {
        let source: Int
        let target: Int
        let scoredTarget: Int
        let forcesEnd: Bool

        init(_ translator: Translator) {
            let configuration = translator.description.configuration
            forcesEnd = translator.description.defaults.forcedLastToken != nil
            source = configuration.encoder.maximumLength - 1
            target = configuration.decoder.maximumLength - (forcesEnd ? 2 : 1)
            scoredTarget = configuration.decoder.maximumLength - 1
        }
    }

    private func load(_ name: String) throws -> (EngineModel, Translator) {
        let model = try EngineModel(name)
        return (model, try Translator(model: model.folder))
    }

    private func expectError(
        _ code: TranslationError.Code, _ request: TranslationRequest, _ translator: Translator,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let error = await #expect(throws: TranslationError.self, sourceLocation: sourceLocation) {
            try await translator.translate(request)
        }
        #expect(error?.code == code, sourceLocation: sourceLocation)
    }
}
