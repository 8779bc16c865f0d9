import DragomanEngine
import TestKit
import Testing

@Suite("Whatever a request's options are, it is served as they say or refused")
struct OptionsPropertyTests {
    @Test("random options of the tiny models", .timeLimit(.minutes(30)), arguments: EngineModel.tiny)
    func tiny(name: String) async throws {
        let model = try EngineModel(name)
        let seed = UInt64(name.utf8.count)
        var requests = RandomRequests(
            model: model, takesText: false, lengthMaximum: 30, random: SeededRandom(seed: seed))
        try await check(model, (0..<1000).map { _ in requests.next() })
    }

    @Test("random options of the demo model, with texts", .timeLimit(.minutes(30)))
    func demo() async throws {
        let model = try EngineModel("demo-en-fr")
        var requests = RandomRequests(
            model: model, takesText: true, lengthMaximum: 8, random: SeededRandom(seed: 11))
        try await check(model, (0..<300).map { _ in requests.next() })
    }

    private func check(_ model: EngineModel, _ requests: [TranslationRequest]) async throws {
        let translator = try Translator(model: model.folder)
        let promises = PromiseCheck(
            model: model, configuration: translator.description.configuration, defaults: translator.description.defaults
        )
        var served = 0
        var refusals: [TranslationError.Code: Int] = [:]
        // Together, so that odd requests meet in batches.
        for start in stride(from: 0, to: requests.count, by: 50) {
            let group = Array(requests[start..<min(start + 50, requests.count)])
            for (request, result) in zip(group, await resultsTogether(group, translator)) {
                switch result {
                case .success(let translation):
                    served += 1
                    let broken = promises.broken(translation, request)
                    if !broken.isEmpty { Issue.record("\(broken), \(request)") }
                case .failure(let error as TranslationError):
                    refusals[error.code, default: 0] += 1
                    if error.message.isEmpty { Issue.record("a refusal without words: \(request)") }
                case .failure(let error):
                    Issue.record("\(error), \(request)")
                }
            }
        }
        // Each kind is there, or this test would show little.
        #expect(served > requests.count / 5, "\(served) \(refusals)")
        for code in [TranslationError.Code.invalidOption, .unknownToken, .nothingAllowed] {
            #expect(refusals[code, default: 0] > 0, "\(served) \(refusals)")
        }
    }
}
