import DragomanEngine
import JobModel
import JobStore
import Testing
import Worker

@Suite("A chunk's outputs are those of the engine, to the bit")
struct ChunkTranslationTests {
    private static let engine = Result { try Translator() }
    private static let observed = Result { try ObservedHost([.demo()]) }

    private static let lines = [
        "Good morning.  How are you?\n", "\n", "I am tired.\r\n", "Where is the train station? It is late.\n", " \n",
        "Thank you.",
    ]

    private func outputs(_ sources: [Source], _ options: SearchOptions = SearchOptions()) async throws -> [Output] {
        var assign = Assign(1, sources: sources)
        assign.content.options = options
        assign.content.wantsTokens = true
        let outcome = await ChunkTranslation(assign).outcome(from: try Self.observed.get().host)
        guard case .done(let outputs, _, _)? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return []
        }
        return outputs
    }

    private var options: SearchOptions {
        var options = SearchOptions()
        (options.beamSize, options.nBest, options.alignments) = (4, 3, true)
        return options
    }

    private func check(_ output: Output, _ translation: Translation) {
        #expect(output.hypotheses.map(\.text) == translation.hypotheses.map(\.text))
        #expect(output.hypotheses.map(\.score?.bitPattern) == translation.hypotheses.map(\.score?.bitPattern))
        #expect(output.hypotheses.map(\.isTruncated) == translation.hypotheses.map(\.isTruncated))
        #expect(output.hypotheses.map(\.tokens) == translation.hypotheses.map(\.tokens))
        #expect(output.hypotheses.map(\.tokenScores) == translation.hypotheses.map(\.tokenScores))
        #expect(output.hypotheses.map(\.alignment) == translation.hypotheses.map(\.alignment))
    }

    @Test("texts, documents and tokens, with options, side by side")
    func equal() async throws {
        let sources: [Source] = [
            .text("Where is the train station?"), .text(Self.lines.joined()), .tokens(["▁Thank", "▁you", "."]),
            .text(""), .text("\n\n"),
        ]
        for options in [SearchOptions(), options] {
            let outputs = try await outputs(sources, options)
            #expect(outputs.count == sources.count)
            for (output, source) in zip(outputs, sources) {
                let request = TranslationRequest(source, options: options)
                check(output, try await Self.engine.get().translate(request))
            }
        }
    }

    @Test("a text cut after its line breaks and put together again is the text's own translation", arguments: 0...5)
    func pieces(cut: Int) async throws {
        let cuts = [Self.lines[..<cut].joined(), Self.lines[cut...].joined()]
        let pieces = try await outputs(cuts.map { .text($0) }, options)
        let request = TranslationRequest(.text(Self.lines.joined()), options: options)
        let whole = try await Self.engine.get().translate(request)
        let plans = cuts.map { cut in
            // The assembly needs to know which source a piece is of, not where it lies.
            ChunkPlan(pieces: [Piece(source: 0, bytes: 0..<cut.utf8.count)], cost: 1)
        }
        let content = ChunkContent(sources: [], options: options, model: "demo", wantsTokens: true)
        let assembled = Assembly.outputs(of: plans, pieces.map { [$0] })
        #expect(assembled == [Assembly.published(whole.published(withTokens: content.wantsTokens))])
        #expect(assembled[0].hypotheses.map(\.score?.bitPattern) == whole.hypotheses.map(\.score?.bitPattern))
    }

    @Test("tokens and sentences are counted")
    func counts() async throws {
        let assign = Assign(1, sources: [.text("Good morning. I am tired."), .tokens(["▁Thank", "▁you", "."])])
        let outcome = await ChunkTranslation(assign).outcome(from: try Self.observed.get().host)
        guard case .done(_, let tokens, let sentences)? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        let segments = try await Self.engine.get().translate(TranslationRequest(.text("Good morning. I am tired.")))
            .segments
        #expect(tokens == UInt64(segments.reduce(3) { $0 + $1.sourceTokens.count }))
        #expect(sentences == 3)
    }

    @Test("what cannot be translated fails for good, and says why without quoting the text")
    func permanent() async throws {
        var suppressed = SearchOptions()
        suppressed.minimumLength = 1
        suppressed.suppress = try EngineTokens.all()
        var impossible = SearchOptions()
        impossible.beamSize = 100_000
        for (options, code) in [(suppressed, "nothing_allowed"), (impossible, "invalid_option")] {
            var assign = Assign(1, sources: [.text("Thank you."), .text("A secret.")])
            assign.content.options = options
            let outcome = await ChunkTranslation(assign).outcome(from: try Self.observed.get().host)
            guard case .failed(let failure, isRetryable: false)? = outcome else {
                Issue.record("\(String(describing: outcome))")
                return
            }
            #expect(failure.code == code)
            #expect(!failure.message.contains("secret") && !failure.message.contains("Thank"))
        }
    }

    @Test("a model that is not there may be elsewhere: the chunk is to be tried again")
    func retryable() async throws {
        let outcome = await ChunkTranslation(Assign(1, model: "other")).outcome(from: try Self.observed.get().host)
        guard case .failed(let failure, isRetryable: true)? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        #expect(failure.code == "model_unavailable")
    }

    @Test("a cancelled chunk has no outcome")
    func cancelled() async throws {
        let host = try Self.observed.get().host
        let assign = Assign(1, sources: Array(repeating: .text("I would like to buy a ticket to Paris."), count: 50))
        let task = Task { await ChunkTranslation(assign).outcome(from: host) }
        task.cancel()
        #expect(await task.value == nil)
    }
}
