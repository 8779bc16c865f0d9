import DragomanEngine
import Foundation
import Testing

@Suite("A translator translates real text with the demo model")
struct TranslatorTests {
    private static let translator = Result { try Translator(settings: Translator.Settings()) }
    private var translator: Translator { get throws { try Self.translator.get() } }

    private func translate(
        _ text: String, _ change: (inout SearchOptions) -> Void = { _ in }
    ) async throws -> Translation {
        var options = SearchOptions()
        change(&options)
        return try await translator.translate(TranslationRequest(.text(text), options: options))
    }

    @Test("the demo model says where the station is")
    func translatesText() async throws {
        #expect(try await translator.translate("Where is the train station?") == "Où se trouve la gare ?")
    }

    @Test("blank input gives blank output", arguments: ["", " ", "\n", "\t\n \r\n", "\u{A0}"])
    func blank(text: String) async throws {
        let translation = try await translate(text)
        #expect(translation.hypotheses.map(\.text) == [text])
        #expect(translation.segments.isEmpty)
        let tokens = try await translator.translate(TranslationRequest(.tokens([])))
        #expect(tokens.hypotheses.map(\.tokens) == [[]])
    }

    @Test("a text keeps its lines, its blank lines and the white space between its sentences")
    func document() async throws {
        let text = "Good morning.  How are you?\n\n\tI am tired.\r\n\nThank you.\n"
        let translation = try await translate(text)
        let parts = try await translation.segments.async { try await translator.translate($0.source) }
        #expect(translation.segments.count == 4)
        #expect(
            translation.hypotheses[0].text == "\(parts[0])  \(parts[1])\n\n\t\(parts[2])\r\n\n\(parts[3])\n")
        #expect(try #require(translation.hypotheses[0].score) < 0)
        #expect(!translation.isTruncated)
    }

    @Test("a sentence longer than the model holds is split, rejoined, and said to be")
    func overlong() async throws {
        let clauses = (0..<60).map { "he bought \($0) apples, which were red" }
        let translation = try await translate(clauses.joined(separator: ", ") + ".")
        #expect(translation.segments.count > 1)
        #expect(translation.segments.dropLast().allSatisfy { $0.split == .clause })
        #expect(translation.segments.allSatisfy { $0.sourceTokens.count < 256 })
        #expect(translation.segments.map(\.text).joined(separator: " ") == translation.hypotheses[0].text)
        let word = try await translate(String(repeating: "xyzzy", count: 800))
        #expect(word.segments.contains { $0.split == .character })
        let tokens = TranslationRequest(.tokens(Array(repeating: "▁the", count: 300)))
        let error = await #expect(throws: TranslationError.self) { try await translator.translate(tokens) }
        #expect(error?.code == .tooLong)
    }

    @Test("an output that reaches the maximum length says so")
    func truncated() async throws {
        let translation = try await translate("I would like to buy a ticket to Paris.") {
            $0.maximumLength = 3
        }
        #expect(translation.isTruncated)
        #expect(translation.hypotheses[0].tokens.count == 3)
    }

    @Test("several hypotheses of several segments are joined rank by rank")
    func nBest() async throws {
        let together = try await translate("Good morning. I am tired.") { $0.nBest = 3 }
        #expect(together.hypotheses.count == 3)
        let first = try await translate("Good morning.") { $0.nBest = 3 }
        let second = try await translate("I am tired.") { $0.nBest = 3 }
        for rank in 0..<3 {
            #expect(
                together.hypotheses[rank].text
                    == first.hypotheses[rank].text + " " + second.hypotheses[rank].text)
        }
    }

    @Test("a hypothesis' score is the mean of its segments' by their lengths, and so is that of any two halves of them")
    func segmentScores() async throws {
        let text = "Good morning. I am tired. Where is the train station?\nThank you."
        for hypothesis in try await translate(text, { $0.nBest = 3 }).hypotheses {
            #expect(hypothesis.segmentScores.count == 4)
            #expect(hypothesis.segmentScores.reduce(0) { $0 + $1.weight } == hypothesis.tokenScores.count)
            #expect(SegmentScore.mean(hypothesis.segmentScores) == hypothesis.score)
        }
        #expect(SegmentScore.mean([]) == 0)
        let progress = try translator.progress
        #expect(progress.count == 1)
        #expect(progress[0].steps > 0)
    }

    @Test("the translation is the same without scores, however it is searched for", arguments: [1, 4])
    func noScores(beamSize: Int) async throws {
        let text = "Good morning. I am tired. Where is the train station?"
        let scored = try await translate(text) { $0.beamSize = beamSize }
        var expected = scored
        for index in expected.hypotheses.indices {
            #expect(expected.hypotheses[index].score != nil && !expected.hypotheses[index].tokenScores.isEmpty)
            (expected.hypotheses[index].score, expected.hypotheses[index].tokenScores) = (nil, [])
            expected.hypotheses[index].segmentScores = []
        }
        #expect(expected.confidence == expected.segments.compactMap(\.confidence).min() && expected.confidence != nil)
        expected.confidence = nil
        for index in expected.segments.indices { expected.segments[index].confidence = nil }
        let unscored = try await translate(text) {
            $0.beamSize = beamSize
            $0.returnScores = false
        }
        #expect(unscored == expected)
    }

    @Test("a target is given for its scores")
    func targetWithoutScores() async throws {
        var request = TranslationRequest(.text("Good morning."))
        request.target = .text("Bonjour.")
        request.options.returnScores = false
        let error = await #expect(throws: TranslationError.self) { try await translator.translate(request) }
        #expect(error?.code == .invalidOption && error?.message.contains("return_scores") == true)
    }

    @Test("tokens in, tokens out, are what text gives")
    func tokens() async throws {
        let text = try await translate("Where is the train station?")
        let tokens = try await translator.translate(TranslationRequest(.tokens(text.segments[0].sourceTokens)))
        #expect(tokens.hypotheses[0].tokens == text.hypotheses[0].tokens)
        #expect(tokens.hypotheses[0].text == text.hypotheses[0].tokens.joined(separator: " "))
        #expect(tokens.hypotheses[0].score == text.hypotheses[0].score)
        let unknown = try await translator.translate(TranslationRequest(.tokens(["▁the", "no-such-token"])))
        #expect(unknown.segments[0].sourceTokens == ["▁the", "<unk>"])
    }

    @Test("a prefix, in text or tokens, begins the output of the first segment only")
    func prefix() async throws {
        let text = try await translate("Good morning. I am tired.") { $0.prefix = .text("Salut") }
        #expect(text.hypotheses[0].text.hasPrefix("Salut"))
        #expect(!text.segments[1].text.hasPrefix("Salut"))
        let tokens = try await translate("Good morning. I am tired.") { $0.prefix = .tokens(["▁Je", "▁ne"]) }
        #expect(tokens.hypotheses[0].text.hasPrefix("Je ne"))
    }

    @Test("a target is scored, and the model's own output scores what its search said")
    func scoring() async throws {
        let found = try await translate("Where is the train station?") { $0.beamSize = 1 }
        var request = TranslationRequest(.text("Where is the train station?"), target: .text(found.hypotheses[0].text))
        request.options.alignments = true
        let scored = try await translator.translate(request).hypotheses[0]
        #expect(scored.tokens == found.hypotheses[0].tokens)
        #expect(scored.text == found.hypotheses[0].text)
        #expect(scored.tokenScores == found.hypotheses[0].tokenScores)
        #expect(scored.alignment?.count == scored.tokens.count)
        for row in scored.alignment ?? [] { #expect(abs(row.reduce(0, +) - 1) < 1e-5) }
    }

    @Test("what is suppressed does not appear")
    func suppression() async throws {
        let plain = try await translate("Where is the train station?")
        let other = try await translate("Where is the train station?") { $0.suppress = ["▁gare", "▁se ▁trouve"] }
        #expect(plain.hypotheses[0].tokens.contains("▁gare"))
        #expect(!other.hypotheses[0].tokens.contains("▁gare"))
        #expect(!other.hypotheses[0].text.contains("se trouve"))
    }

    @Test("the unknown token is not produced unless it may be", arguments: [1, 4])
    func unknownTokens(beamSize: Int) async throws {
        func found(_ change: (inout SearchOptions) -> Void) async throws -> Translation {
            try await translate("Christmas is soon.") {
                $0.beamSize = beamSize
                change(&$0)
            }
        }
        let allowed = try await found { $0.disallowUnknown = false }
        #expect(allowed.hypotheses[0].tokens.contains("<unk>"))
        // As Hugging Face's `bad_words_ids` with this token alone: the other scores stay.
        let suppressed = try await found {
            $0.disallowUnknown = false
            $0.suppress = ["<unk>"]
        }
        let disallowed = try await found { _ in }
        #expect(!disallowed.hypotheses[0].tokens.contains("<unk>"))
        #expect(disallowed == suppressed)
        // Without scores, most logits are never computed.
        let screened = try await found { $0.returnScores = false }
        #expect(screened.hypotheses[0].tokens == disallowed.hypotheses[0].tokens)
    }

    @Test("samples have no unknown token unless they may")
    func unknownTokensOfSamples() async throws {
        func samples(_ disallowUnknown: Bool) async throws -> [String] {
            try await translate("Christmas is soon.") {
                $0.beamSize = 1
                $0.nBest = 32
                $0.seed = 1
                $0.disallowUnknown = disallowUnknown
            }.hypotheses.flatMap(\.tokens)
        }
        #expect(try await samples(false).contains("<unk>"))
        #expect(try await !samples(true).contains("<unk>"))
    }

    @Test("a prefix and a target that is scored may have the unknown token")
    func unknownTokensGiven() async throws {
        let prefixed = try await translate("Christmas is soon.") { $0.prefix = .tokens(["<unk>"]) }
        #expect(prefixed.hypotheses[0].tokens.first == "<unk>")
        let scored = try await translator.translate(
            TranslationRequest(.text("Christmas is soon."), target: .tokens(["<unk>"])))
        #expect(try #require(scored.hypotheses[0].score).isFinite)
    }

    @Test("impossible requests are refused by name, and the next one is served")
    func refusals() async throws {
        let everything = try EngineModel("demo-en-fr").target.filter { $0 != "</s>" }
        let cases: [(TranslationError.Code, String, (inout SearchOptions) -> Void)] = [
            (.invalidOption, "beam_size", { $0.beamSize = 0 }),
            (.invalidOption, "n_best", { $0.nBest = 5 }),
            (.invalidOption, "max_length", { $0.maximumLength = 255 }),
            (.invalidOption, "temperature", { $0.temperature = 0 }),
            (.invalidOption, "length_penalty", { $0.lengthPenalty = .nan }),
            (.unknownToken, "suppress", { $0.suppress = ["▁gare nonsense"] }),
            (.unknownToken, "force_first_token", { $0.forceFirstToken = ">>fra<<" }),
            (
                .nothingAllowed, "forbid",
                {
                    $0.suppress = everything
                    $0.minimumLength = 1
                }
            ),
        ]
        for (code, word, change) in cases {
            let error = await #expect(throws: TranslationError.self) { try await translate("Hello there.", change) }
            #expect(error?.code == code)
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        }
        #expect(try await translator.translate("Thank you.") == "Merci.")
    }

    @Test("impossible options are refused even where there is nothing to translate")
    func blankRefusals() async throws {
        for input in [Source.text(" \n"), .tokens([])] {
            var request = TranslationRequest(input)
            request.options.nBest = -1
            let error = await #expect(throws: TranslationError.self) { try await translator.translate(request) }
            #expect(error?.code == .invalidOption)
        }
    }

    @Test("a cancelled request ends with a cancellation, and others go on")
    func cancellation() async throws {
        let translator = try translator
        let text = Array(repeating: "I would like to buy a ticket to Paris.", count: 400).joined(separator: " ")
        let task = Task { try await translator.translate(text) }
        async let other = translator.translate("Thank you.")
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await other == "Merci.")
    }
}

extension Sequence where Self: Sendable {
    /// The results of `body`, one after the other.
    fileprivate func async<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
