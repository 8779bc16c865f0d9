import DragomanEngine
import Testing

@Suite("Requests say where their text is cut, and what has no words is copied")
struct SegmentationTests {
    private static let translator = Result { try Translator(settings: Translator.Settings()) }

    private func translate(
        _ text: String, _ change: (inout SearchOptions) -> Void = { _ in }
    ) async throws -> Translation {
        try await Self.translator.get().translate(TranslationRequest(.text(text), options: options(change)))
    }

    private func options(_ change: (inout SearchOptions) -> Void) -> SearchOptions {
        var options = SearchOptions()
        change(&options)
        return options
    }

    @Test("symbols and numbers are copied, to the byte", arguments: ["😀", "---", "***", "12:26", "283,82 €", " 5 \n"])
    func copies(text: String) async throws {
        let translation = try await translate(text) {
            $0.beamSize = 4
            $0.nBest = 3
            $0.alignments = true
        }
        // One hypothesis, whatever is asked for: there is one way to copy.
        let hypothesis = try #require(translation.hypotheses.first)
        #expect(translation.hypotheses.count == 1)
        #expect(Array(hypothesis.text.utf8) == Array(text.utf8))
        #expect(hypothesis.score == 0)
        #expect(hypothesis.tokens.isEmpty && hypothesis.tokenScores.isEmpty && hypothesis.alignment == nil)
        #expect(!translation.isTruncated)
        #expect(translation.segments.map(\.isCopied) == [true])
    }

    @Test(
        "a plain sentence is what the model is given, to the token, and its output keeps every bit",
        arguments: [
            "Where is the train station?", "It costs 5 €.", "(Yes!)", "- Thank you.", "* Good morning *",
            "Is it 12:26?", "The price is $ 20, or £ 15.", "What…", "No. 5", "It is 20 °C.",
        ])
    func plain(text: String) async throws {
        // Its vocabulary lacks €, £ and °.
        let found = try await translate(text) { ($0.beamSize, $0.nBest, $0.secondPass) = (4, 4, false) }
        #expect(found.segments.map(\.source) == [text])
        // What is scored is not cut, and tokens are not looked into.
        let target = Source.text(found.hypotheses[0].text)
        let scored = try await Self.translator.get().translate(TranslationRequest(.text(text), target: target))
        #expect(found.segments[0].sourceTokens == scored.segments[0].sourceTokens)
        let tokens = TranslationRequest(
            .tokens(scored.segments[0].sourceTokens),
            options: options {
                ($0.beamSize, $0.nBest) = (4, 4)
            })
        let bare = try await Self.translator.get().translate(tokens)
        #expect(found.hypotheses.count == 4)
        #expect(found.hypotheses.map(\.tokens) == bare.hypotheses.map(\.tokens))
        #expect(found.hypotheses.map(\.score?.bitPattern) == bare.hypotheses.map(\.score?.bitPattern))
        #expect(
            found.hypotheses.map { $0.tokenScores.map(\.bitPattern) }
                == bare.hypotheses.map { $0.tokenScores.map(\.bitPattern) })
    }

    @Test("typography that the vocabulary lacks is given to the model in plain form")
    func typography() async throws {
        for (text, plain) in [
            ("“No,” he said.", "\"No,\" he said."), ("Is it ＡＢ？", "Is it AB?"),
        ] {
            let found = try await translate(text)
            let expected = try await translate(plain)
            #expect(found.segments[0].sourceTokens == expected.segments[0].sourceTokens)
            #expect(found.hypotheses == expected.hypotheses)
            #expect(found.segments[0].source == text && found.segments[0].spans.isEmpty)
        }
    }

    @Test("beside sentences they change nothing: not their text, tokens, scores or alignments")
    func beside() async throws {
        let alone = try await translate("Where is the train station?") { $0.alignments = true }
        let beside = try await translate("***\nWhere is the train station?\n12:26\n") { $0.alignments = true }
        #expect(beside.hypotheses[0].text == "***\n\(alone.hypotheses[0].text)\n12:26\n")
        #expect(beside.hypotheses[0].tokens == alone.hypotheses[0].tokens)
        #expect(beside.hypotheses[0].tokenScores == alone.hypotheses[0].tokenScores)
        #expect(beside.hypotheses[0].alignment == alone.hypotheses[0].alignment)
        #expect(beside.segments.map(\.isCopied) == [true, false, true])
        #expect(beside.segments[0].sourceTokens.isEmpty && beside.segments[0].text == "***")
        #expect(beside.hypotheses[0].score == alone.hypotheses[0].score)
    }

    @Test("n-best lists of a text have as many as its sentences, and its symbols in each")
    func lists() async throws {
        let translation = try await translate("Good morning.\n---") {
            $0.beamSize = 4
            $0.nBest = 3
        }
        #expect(translation.hypotheses.count == 3)
        #expect(translation.hypotheses.allSatisfy { $0.text.hasSuffix("\n---") })
    }

    @Test("numbers are translated when a request says so, and symbols are not")
    func numbers() async throws {
        let translation = try await translate("12:26\n---") { $0.translateNumbers = true }
        #expect(translation.segments.map(\.isCopied) == [false, true])
        #expect(!translation.hypotheses[0].tokens.isEmpty)
    }

    @Test("a prefix is what the output begins with, also before symbols")
    func prefix() async throws {
        let translation = try await translate("---\n---") { $0.prefix = .text("La gare") }
        #expect(translation.hypotheses[0].text.hasPrefix("La gare"))
        #expect(translation.segments.map(\.isCopied) == [false, true])
    }

    @Test("emoji and symbols that the model lacks stay at the edges, and change nothing between them")
    func edges() async throws {
        let alone = try await translate("Where is the train station?") { $0.alignments = true }
        let adorned = try await translate("▾ 👩‍👧 Where is the train station? 😀") { $0.alignments = true }
        #expect(adorned.hypotheses[0].text == "▾ 👩‍👧 \(alone.hypotheses[0].text) 😀")
        #expect(adorned.hypotheses[0].tokens == alone.hypotheses[0].tokens)
        #expect(adorned.hypotheses[0].score == alone.hypotheses[0].score)
        #expect(adorned.hypotheses[0].alignment == alone.hypotheses[0].alignment)
        #expect(adorned.segments.map(\.text) == [adorned.hypotheses[0].text])
        #expect(adorned.segments[0].sourceTokens == alone.segments[0].sourceTokens)
    }

    @Test(
        "protected text at the edges stays there, and changes nothing between",
        arguments: [
            ("", " [3]"), ("%1$s ", ""), ("", " https://example.com/a"), ("• ", " #new"), ("{a} {b} ", " `x` ▾"),
        ])
    func protectedEdges(before: String, after: String) async throws {
        let words = "Good morning, my friend"
        let alone = try await translate(words)
        let found = try await translate(before + words + after)
        #expect(found.hypotheses[0].text == before + alone.hypotheses[0].text + after)
        #expect(found.hypotheses[0].score?.bitPattern == alone.hypotheses[0].score?.bitPattern)
        #expect(found.segments.map(\.source) == [before + words + after])
        #expect(!found.segments[0].spans.isEmpty)
        #expect(found.segments[0].spans.allSatisfy { $0.fate == .outside })
    }

    @Test("without a second pass, what is within a sentence is the model's copy, or lost")
    func protectedInside() async throws {
        let found = try await translate("The file README.md is 😀 new, and so is {name}, my friend.") {
            $0.secondPass = false
        }
        let spans = found.segments.flatMap(\.spans)
        #expect(spans.map(\.text) == ["README.md", "😀", "{name}"])
        #expect(spans.map(\.kind) == [.file, .symbol, .placeholder])
        for span in spans {
            #expect(span.fate == (found.hypotheses[0].text.contains(span.text) ? .copied : .lost), "\(span)")
        }
        // No vocabulary of this model has it.
        #expect(spans[1].fate == .lost)
        #expect(try await translate("Good morning.").segments[0].spans.isEmpty)
    }

    @Test(
        "a segment that has nothing but protected text is copied",
        arguments: [
            "https://example.com/a?b=c", "%d / %s", "{{name}} – 12", "README.md, CHANGELOG.md", "北京", "`make` [1]",
        ])
    func protectedAlone(text: String) async throws {
        let found = try await translate(text)
        #expect(found.hypotheses.map(\.text) == [text])
        #expect(found.segments.map(\.isCopied) == [true])
    }

    @Test("options that cannot be are refused where everything is copied, too")
    func refused() async throws {
        for change in [
            { $0.beamSize = 0 }, { $0.maximumSegmentLength = 0 }, { $0.wrap = 10 },
            {
                $0.paragraphs = true
                $0.wrap = 0
            },
        ] as [(inout SearchOptions) -> Void] {
            let error = await #expect(throws: TranslationError.self) { try await translate("---", change) }
            #expect(error?.code == .invalidOption)
        }
    }

    @Test("a text is cut at sentences, at lines, or nowhere")
    func split() async throws {
        let text = "Good morning. How are you?\nI am tired.\n"
        #expect(try await translate(text).segments.map(\.source) == ["Good morning.", "How are you?", "I am tired."])
        #expect(try await translate(text) { $0.split = .sentences } == translate(text))
        let lines = try await translate(text) { $0.split = .newlines }
        #expect(lines.segments.map(\.source) == ["Good morning. How are you?", "I am tired."])
        #expect(lines.hypotheses[0].text.split(separator: "\n").count == 2)
        let whole = try await translate(text) { $0.split = .nowhere }
        #expect(whole.segments.map(\.source) == ["Good morning. How are you?\nI am tired."])
        #expect(whole.hypotheses[0].text.hasSuffix("\n"))
    }

    @Test("segments are no longer than a request says")
    func length() async throws {
        let text = "He bought apples, which were red, and pears, which were green, and went home."
        let translation = try await translate(text) { $0.maximumSegmentLength = 8 }
        #expect(translation.segments.count > 2)
        #expect(translation.segments.allSatisfy { $0.sourceTokens.count <= 8 })
        #expect(try await translate(text) { $0.maximumSegmentLength = 100_000 } == translate(text))
    }

    @Test("a hard-wrapped paragraph is joined, translated and wrapped again")
    func paragraphs() async throws {
        let text = "Where is the\ntrain station?\n\nGood\nmorning.\n"
        let joined = try await translate(text) { $0.paragraphs = true }
        #expect(joined.segments.map(\.source) == ["Where is the train station?", "Good morning."])
        #expect(joined.hypotheses[0].text == "Où se trouve la gare ?\n\nBonjour.\n")
        let wrapped = try await translate(text) {
            $0.paragraphs = true
            $0.wrap = 12
        }
        #expect(wrapped.hypotheses[0].text == "Où se trouve\nla gare ?\n\nBonjour.\n")
    }
}
