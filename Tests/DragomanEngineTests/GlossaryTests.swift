import DragomanEngine
import TestKit
import Testing

@Suite("Terms of a glossary are translated as it says")
struct GlossaryTests {
    private static let translator = Result { try Translator() }
    private static let threaded = Result {
        var settings = Translator.Settings()
        (settings.threads, settings.batchTokens) = (3, 64)
        return try Translator(settings: settings)
    }

    private func translate(
        _ text: String, _ terms: KeyValuePairs<String, String>, _ change: (inout SearchOptions) -> Void = { _ in }
    ) async throws -> Translation {
        var options = SearchOptions()
        change(&options)
        let glossary = try Glossary(terms.map { Glossary.Entry(source: $0.key, target: $0.value) })
        return try await Self.translator.get().translate(
            TranslationRequest(.text(text), options: options, glossary: glossary))
    }

    private func terms(_ translation: Translation) -> [String] {
        translation.segments.flatMap(\.terms).map { "\($0.source)→\($0.target) \($0.fate)" }
    }

    @Test("the target takes the place of the model's own word, and the article before it may change")
    func replaced() async throws {
        let output = try await translate(
            "My car is at the train station.", ["car": "bagnole", "train station": "arrêt"])
        #expect(output.hypotheses[0].text == "Ma bagnole est à l'arrêt.")
        #expect(terms(output) == ["car→bagnole required", "train station→arrêt required"])
        #expect(output.glossaryHits == 2 && output.glossaryMisses.isEmpty)
        #expect(output.segments[0].confidence != nil)
    }

    @Test("what the model writes as the glossary says has the same bits")
    func written() async throws {
        let text = "Tom bought a new car. Where is the station?\nGood morning."
        let plain = try await Self.translator.get().translate(TranslationRequest(.text(text)))
        var found = try await translate(text, ["Tom": "", "car": "voiture", "station": "gare", "cat": "matou"])
        #expect(terms(found) == ["Tom→Tom written", "car→voiture written", "station→gare written"])
        #expect(found.glossaryHits == 3)
        found.glossaryHits = 0
        for index in found.segments.indices { found.segments[index].terms = [] }
        #expect(found == plain)
    }

    private static let glossary = Result {
        try Glossary(
            [
                ("car", "bagnole"), ("friend", "copain"), ("train station", "arrêt"), ("station", "halte"),
                ("city", "cité"),
                ("mother", "génitrice"), ("train", "convoi"), ("new", "neuf"), ("Anna", "Ânna"), ("Acme", "Acme"),
                ("house", "machine à vivre"), ("late", "☂"),
            ].map { Glossary.Entry(source: $0.0, target: $0.1) })
    }
    private static let sentences = [
        ["I", "want", "to", "buy", "a", "new", "car", "for", "my", "mother."],
        ["The", "train", "to", "the", "city", "is", "late", "again,", "my", "friend."],
        ["Where", "is", "the", "train", "station", "of", "Acme?"],
        ["Anna", "said", "that", "the", "house", "is", "new."],
        ["We", "live", "here."],
    ]

    @Test("every target is in its output, as a whole word and as often, and the same in any batch")
    func property() async throws {
        var random = SeededRandom(seed: 1717)
        let glossary = try Self.glossary.get()
        let requests = (0..<36).map { index in
            var words = random.choice(Self.sentences)
            for _ in 0..<random.integer(0...2) {
                words.insert(
                    random.choice(["car", "friend", "{name}", "Acme", "😀", "house"]),
                    at: random.integer(1...words.count - 1))
            }
            var options = SearchOptions()
            options.beamSize = [nil, 1, 4][index % 3]
            if index % 5 == 0 { (options.beamSize, options.nBest) = (3, 3) }
            if index % 7 == 0 { options.maximumLength = 6 }
            if index % 11 == 0 { (options.temperature, options.seed) = (1, 4) }
            if index % 11 == 0 { (options.beamSize, options.nBest) = (nil, nil) }
            return TranslationRequest(.text(words.joined(separator: " ")), options: options, glossary: glossary)
        }
        let translator = try Self.translator.get()
        var alone: [Translation] = []
        for request in requests { alone.append(try await translator.translate(request)) }
        for (request, found) in zip(requests, alone) {
            guard case .text(let source) = request.source else { continue }
            let expected = PhraseMatcher(glossary.entries.map(\.source)).matches(in: source)
            let output = found.hypotheses[0].text
            #expect(found.glossaryHits == expected.count && found.glossaryMisses.isEmpty, "\(source) → \(output)")
            #expect(found.segments.flatMap(\.terms).count == expected.count)
            var counts: [String: Int] = [:]
            for match in expected { counts[glossary.entries[match.index].target, default: 0] += 1 }
            for (target, count) in counts {
                let capital = target.prefix(1).uppercased() + target.dropFirst()
                let forms = target == capital ? [target] : [target, capital]
                #expect(
                    PhraseMatcher(forms).matches(in: output).count >= count, "\(target): \(source) → \(output)")
            }
            #expect(found.segments.flatMap(\.spans).allSatisfy { $0.fate != .lost }, "\(source) → \(output)")
            #expect(found.hypotheses.count <= request.options.nBest ?? 1)
        }
        let together = try await withThrowingTaskGroup(of: (Int, Translation).self) { group in
            let threaded = try Self.threaded.get()
            for (index, request) in requests.enumerated() {
                group.addTask { (index, try await threaded.translate(request)) }
            }
            return try await group.reduce(into: [Int: Translation]()) { $0[$1.0] = $1.1 }
        }
        for (index, found) in alone.enumerated() { #expect(together[index] == found) }
        let fates = Set(alone.flatMap(\.segments).flatMap(\.terms).map(\.fate))
        #expect(fates.isSuperset(of: [.required, .placed]))
    }

    @Test("without a second pass the output is the model's, and what it lacks is said")
    func off() async throws {
        let text = "My car is at the station."
        let plain = try await Self.translator.get().translate(TranslationRequest(.text(text)))
        let found = try await translate(text, ["car": "bagnole", "station": "gare"]) { $0.secondPass = false }
        #expect(found.hypotheses == plain.hypotheses)
        #expect(terms(found) == ["car→bagnole missed", "station→gare written"])
        #expect(found.glossaryHits == 1 && found.glossaryMisses == ["car"])
    }

    @Test("casing is exact, words are whole, and what is protected is no term")
    func matching() async throws {
        for text in ["My Car.", "A carpet.", "See car.txt and https://car.example/car."] {
            #expect(try await translate(text, ["car": "bagnole"]).segments.flatMap(\.terms).isEmpty, "\(text)")
        }
        let start = try await translate("Cars are good.", ["Cars": "bagnoles"])
        #expect(start.glossaryHits == 1)
        #expect(start.hypotheses[0].text.lowercased().contains("bagnoles"))
    }

    @Test("tags stay with the words of a term")
    func markup() async throws {
        let output = try await translate("<p>Where is the <b>train station</b>?</p>", ["train station": "arrêt"]) {
            $0.markup = .html
        }
        #expect(output.hypotheses[0].text == "<p>Où se trouve l'<b>arrêt</b> ?</p>")
    }

    @Test("tokens and scores have no terms")
    func refused() async throws {
        let glossary = try Glossary([.init(source: "a", target: "b")])
        for request in [
            TranslationRequest(.tokens(["▁Hello"]), glossary: glossary),
            TranslationRequest(.text("Hello."), target: .text("Bonjour."), glossary: glossary),
        ] {
            let error = await #expect(throws: TranslationError.self) {
                try await Self.translator.get().translate(request)
            }
            #expect(error?.code == .invalidOption && error?.message.contains("glossary") == true)
        }
    }
}
