import DragomanEngine
import TestKit
import Testing

@Suite("Protected text is in every translation, and what looks wrong is decoded again")
struct SecondPassTests {
    private static let translator = Result { try Translator() }
    private static let threaded = Result {
        var settings = Translator.Settings()
        (settings.threads, settings.batchTokens) = (3, 64)
        return try Translator(settings: settings)
    }

    private func translate(
        _ text: String, _ change: (inout SearchOptions) -> Void = { _ in }
    ) async throws -> Translation {
        var options = SearchOptions()
        change(&options)
        return try await Self.translator.get().translate(TranslationRequest(.text(text), options: options))
    }

    private static let spans = [
        "%s", "%1$s", "{name}", "{{ user }}", "&nbsp;", "`make install`", "https://example.com/a?b=c#d",
        "anna@example.org",
        "README.md", "/usr/lib/x", "#news", "@anna", "[3]", "😀", "▾", "北京", "👩‍👩‍👧", "Louÿs", "283,82 €", "£15",
        "{n, plural, one {# file} other {# files}}",
    ]
    private static let sentences = [
        ["I", "want", "to", "buy", "a", "new", "car", "for", "my", "mother."],
        ["The", "train", "to", "the", "city", "is", "late", "again,", "my", "friend."],
        ["Where", "is", "the", "station?"], ["He", "said", "that", "you", "can", "find", "it", "there."],
        ["We", "live", "here."],
    ]

    private func sentence(_ random: inout SeededRandom) -> (text: String, spans: [String]) {
        var words = random.choice(Self.sentences)
        var spans: [String] = []
        for _ in 0..<random.integer(1...4) {
            let span = random.choice(Self.spans)
            spans.append(span)
            words.insert(random.oneIn(6) ? "(\(span))" : span, at: random.integer(1...words.count - 1))
        }
        return (words.joined(separator: " "), spans)
    }

    private func count(_ span: String, in text: String) -> Int {
        let (span, text) = (Array(span.utf8), Array(text.utf8))
        return text.indices.count { text[$0...].starts(with: span) }
    }

    @Test("whatever stands in a sentence is in its translation, as often, and the same in any batch")
    func property() async throws {
        var random = SeededRandom(seed: 1804)
        let cases = (0..<40).map { _ in sentence(&random) }
        let requests = cases.indices.map { index in
            var options = SearchOptions()
            options.beamSize = [nil, 1, 4][index % 3]
            if index % 5 == 0 { (options.beamSize, options.nBest) = (3, 3) }
            if index % 7 == 0 { options.maximumLength = 6 }
            return TranslationRequest(.text(cases[index].text), options: options)
        }
        let translator = try Self.translator.get()
        var alone: [Translation] = []
        for request in requests { alone.append(try await translator.translate(request)) }
        for (item, found) in zip(cases, alone) {
            for span in Set(item.spans) {
                #expect(
                    count(span, in: found.hypotheses[0].text) == count(span, in: item.text),
                    "\(span): \(item.text) → \(found.hypotheses[0].text)")
            }
            let spans = found.segments.flatMap(\.spans)
            #expect(!spans.isEmpty && spans.allSatisfy { $0.fate != .lost }, "\(spans)")
        }
        let together = try await withThrowingTaskGroup(of: (Int, Translation).self) { group in
            let threaded = try Self.threaded.get()
            for (index, request) in requests.enumerated() {
                group.addTask { (index, try await threaded.translate(request)) }
            }
            return try await group.reduce(into: [Int: Translation]()) { $0[$1.0] = $1.1 }
        }
        for (index, found) in alone.enumerated() { #expect(together[index] == found) }
        let fates = Set(alone.flatMap(\.segments).flatMap(\.spans).map(\.fate))
        #expect(fates.contains(.placed))
    }

    @Test("without a second pass the output is the model's, and so is one that lacks nothing")
    func off() async throws {
        let text = "The file is 😀 new, and so is {name}, my friend."
        let plain = try await translate(text) { $0.secondPass = false }
        #expect(plain.segments[0].spans.map(\.fate).contains(.lost))
        let again = try await translate(text)
        #expect(again.segments[0].spans.map(\.text) == ["😀", "{name}"])
        #expect(again.segments[0].spans.allSatisfy { $0.fate == .constrained || $0.fate == .placed })
        #expect(again.hypotheses[0].alignment == nil)
        for copied in ["I have 3 [3] cats.", "Good morning.", "He is in Boston now."] {
            let first = try await translate(copied) { $0.secondPass = false }
            guard first.segments[0].spans.allSatisfy({ $0.fate != .lost }) else { continue }
            #expect(try await translate(copied) == first)
        }
    }

    @Test("all options hold the second time, too")
    func options() async throws {
        let text = "I gave %s to my friend in 北京 today."
        let prefixed = try await translate(text) {
            $0.prefix = .text("Hier, j'ai")
            $0.beamSize = 3
            $0.nBest = 2
            $0.alignments = true
        }
        #expect(prefixed.hypotheses.count == 2)
        for hypothesis in prefixed.hypotheses {
            #expect(hypothesis.text.hasPrefix("Hier, j'ai"))
            #expect(count("%s", in: hypothesis.text) == 1 && count("北京", in: hypothesis.text) == 1)
            #expect(hypothesis.alignment?.count == hypothesis.tokens.count)
            let columns = prefixed.segments[0].sourceTokens.count + 1
            #expect(hypothesis.alignment?.allSatisfy { $0.count == columns } == true)
        }
        let short = try await translate(text) { $0.maximumLength = 3 }
        #expect(short.hypotheses[0].tokens.count <= 3)
        #expect(count("%s", in: short.hypotheses[0].text) == 1)
        let samples = try await translate(text) { ($0.seed, $0.nBest) = (5, 3) }
        let first = try await translate(text) { ($0.seed, $0.nBest, $0.secondPass) = (5, 3, false) }
        #expect(samples.hypotheses.map(\.tokens) == first.hypotheses.map(\.tokens))
        #expect(samples.hypotheses.allSatisfy { count("%s", in: $0.text) == 1 && count("北京", in: $0.text) == 1 })
    }

    @Test("a segment has a confidence where there are scores")
    func confidence() async throws {
        let found = try await translate("Good morning. How are you?\n12:26")
        let confidences = found.segments.map(\.confidence)
        #expect(confidences.count == 3 && confidences[2] == nil)
        #expect(confidences.prefix(2).allSatisfy { $0.map { 0 < $0 && $0 <= 1 } == true })
        let scoreless = try await translate("Good morning.") { ($0.returnScores, $0.beamSize) = (false, 4) }
        #expect(scoreless.segments[0].confidence == nil)
    }

    @Test("an output that repeats itself is decoded again and marked; a repeating source may be repeated")
    func repetition() async throws {
        // The demo model, asked to write much more than there is to say.
        let loop = "An ash-colored rabbit appeared and as soon as I drew near, it hopped and ran into the woods again."
        let first = try await translate(loop) { $0.secondPass = false }
        let again = try await translate(loop)
        #expect(first.segments[0].suspicion == again.segments[0].suspicion)
        if first.segments[0].suspicion == nil { #expect(first == again) }
        #expect(try await translate("No, no, no, no, no, no, no, no, no, no!").segments[0].suspicion == nil)
    }
}
