import DragomanEngine
import Testing

@Suite("Segments that a memory has are not translated again")
struct MemoryTests {
    private static let translator = Result { try Translator() }

    private func memory(_ entries: KeyValuePairs<String, String>, target: String? = nil) -> TranslationMemory {
        TranslationMemory(
            entries.map { TranslationMemory.Entry(source: $0.key, target: $0.value) }, sourceLanguage: "en",
            targetLanguage: target)
    }

    private func translate(
        _ text: String, _ memory: TranslationMemory?, _ change: (inout SearchOptions) -> Void = { _ in }
    ) async throws -> Translation {
        var options = SearchOptions()
        change(&options)
        var request = TranslationRequest(.text(text), options: options)
        request.memory = memory
        return try await Self.translator.get().translate(request)
    }

    private func output(
        _ text: String, _ memory: TranslationMemory?, _ change: (inout SearchOptions) -> Void = { _ in }
    ) async throws -> String { try await translate(text, memory, change).hypotheses[0].text }

    @Test("what is found takes its place among what is translated, which has the same bits")
    func mixed() async throws {
        let text = "Good morning. We live here.\n\n  WHERE is  the station?"
        let known = memory(["Good morning.": "Salut.", "Where is the station?": "Où ?"], target: "fr-FR")
        let found = try await translate(text, known)
        let plain = try await translate(text, nil)
        #expect(found.segments.map(\.memory) == [.exact, nil, .folded] && found.memoryHits == 2)
        #expect(found.segments[1] == plain.segments[1])
        #expect(found.segments[0].text == "Salut." && found.segments[0].sourceTokens.isEmpty)
        #expect(!found.segments[0].isCopied && found.segments[0].confidence == nil)
        #expect(found.hypotheses[0].text == "Salut. \(plain.segments[1].text)\n\n  Où ?")
        #expect(plain.memoryHits == 0)
    }

    @Test("a memory that has nothing of a text changes no bit")
    func without() async throws {
        let text = "We live here. Good morning."
        let plain = try await translate(text, nil)
        #expect(try await translate(text, memory(["Good evening.": "Bonsoir."])) == plain)
        #expect(try await translate(text, memory(["Good morning.": "x"], target: "de")) == plain)
    }

    @Test("where all is known, there is one hypothesis, and its score is 0")
    func all() async throws {
        let found = try await translate("Good morning.", memory(["Good morning.": "Salut."])) {
            ($0.beamSize, $0.nBest) = (4, 2)
        }
        #expect(found.hypotheses.map(\.text) == ["Salut."] && found.hypotheses[0].score == 0)
    }

    @Test("segments with tags in them are translated, and others keep the tags around them")
    func markup() async throws {
        let known = memory(["Good morning.": "Salut & <bon> jour."])
        #expect(
            try await output("<p class=a><b>Good  morning.</b></p>", known) { $0.markup = .html }
                == "<p class=a><b>Salut &amp; &lt;bon&gt; jour.</b></p>")
        let within = "<p>Good <b>morning</b>.</p>"
        #expect(
            try await output(within, known) { $0.markup = .html }
                == output(within, nil) { $0.markup = .html })
    }

    @Test("lines and whole texts are looked up as they are cut")
    func cutting() async throws {
        let known = memory(["Good morning. We live here.": "Tout."])
        #expect(try await output("Good morning. We live here.", known) != "Tout.")
        #expect(try await output("Good morning. We live here.", known) { $0.split = .newlines } == "Tout.")
        #expect(try await output("Good morning.\nWe live here.", known) { $0.split = .nowhere } == "Tout.")
    }

    @Test("an output that must begin with a prefix is the model's; tokens and scores have no memory")
    func refused() async throws {
        let known = memory(["Good morning.": "Salut."])
        #expect(try await output("Good morning.", known) { $0.prefix = .text("Bon") }.hasPrefix("Bon"))
        var tokens = TranslationRequest(.tokens(["▁Hello"]))
        var score = TranslationRequest(.text("Hello."), target: .text("Bonjour."))
        (tokens.memory, score.memory) = (known, known)
        for request in [tokens, score] {
            let error = await #expect(throws: TranslationError.self) {
                try await Self.translator.get().translate(request)
            }
            #expect(error?.code == .invalidOption && error?.message.contains("memory") == true)
        }
    }
}
