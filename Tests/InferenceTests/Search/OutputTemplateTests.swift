import Inference
import ModelFormats
import TestKit
import Testing

@Suite struct OutputTemplateTests {
    private typealias Choice = OutputTemplate.Choice
    /// What is forced before the output itself, and stands before each template.
    private static let forced = 5
    private let golden = Golden("marian-unforced")
    private let model: TestModel
    private let sources: [[Int]]

    init() throws {
        model = try TestModel(golden.model)
        let distinct = Set(try Golden("marian-separate").cases().map(\.source)).filter { !$0.isEmpty }
        sources = Array(distinct.sorted { $0.lexicographicallyPrecedes($1) }.prefix(8))
    }

    private func job(
        _ source: [Int], _ parts: [OutputTemplate.Part], _ options: DecodingOptions, fillers: TokenTest? = nil
    ) throws -> SegmentJob {
        var settings = try model.settings(options, source.count)
        settings.template = OutputTemplate(parts)
        var job = SegmentJob(source: model.framed(source), task: .search(segment: 0), settings: settings)
        job.fillers = fillers
        return job
    }

    private func options(beam: Int) -> DecodingOptions {
        var options = DecodingOptions()
        options.beamSize = beam
        options.maximumLength = 24
        return options
    }

    /// Whether tokens are made by the parts, by trying all.
    private func fits(_ tokens: ArraySlice<Int>, _ parts: ArraySlice<OutputTemplate.Part>) -> Bool {
        guard let part = parts.first else { return tokens.isEmpty }
        func fits(_ form: [Int32], after count: Int = 0) -> Bool {
            let rest = tokens.dropFirst(count)
            return tokens.count >= count && rest.starts(with: form.map(Int.init))
                && self.fits(rest.dropFirst(form.count), parts.dropFirst())
        }
        switch part {
        case .fixed(let own): return fits(own)
        case .choice(let choice):
            return choice.forms.contains { fits($0.tokens) }
                || choice.afterAny.map { fits($0.tokens, after: 1) } == true
        }
    }

    @Test(arguments: [1, 3, 6])
    func `every output is made by its template, and has the same bits in any batch`(beam: Int) throws {
        var random = SeededRandom(seed: 71)
        let tokens = Array(10..<model.configuration.targetVocabularySize)
        func sequence(_ most: Int) -> [Int32] {
            (0..<random.integer(1...most)).map { _ in Int32(random.choice(tokens)) }
        }
        let jobs = try (0..<24).map { _ in
            var parts: [OutputTemplate.Part] = []
            for _ in 0..<random.integer(1...3) {
                if random.oneIn(2) { parts.append(.fixed(sequence(3))) }
                let forms = (0..<random.integer(1...3)).map { _ in
                    Choice.Form(sequence(3), penalty: Float(random.integer(0...2)))
                }
                let afterAny = random.oneIn(2) ? Choice.Form(sequence(2), penalty: 1) : nil
                parts.append(.choice(Choice(forms, afterAny: afterAny)))
            }
            return try job(random.choice(sources), parts, options(beam: beam))
        }
        let alone = model.run(jobs, together: 1)
        for (job, found) in zip(jobs, alone) {
            let parts = try #require(job.settings.template).parts
            #expect(!found.isEmpty)
            for hypothesis in found {
                #expect(hypothesis.tokens.first == Self.forced)
                #expect(fits(hypothesis.tokens.dropFirst(), parts[...]), "\(hypothesis.tokens) by \(parts)")
                #expect(!hypothesis.isTruncated)
            }
        }
        expectSameBits(alone, model.run(jobs, together: 7))
        expectSameBits(alone, model.runInterleaved(jobs, batchTokens: 200, using: &random))
    }

    @Test func `of the ways to write a stretch, the likeliest is found`() throws {
        for source in sources {
            let forms: [[Int32]] = [[6], [7, 9], [9, 6], [11]]
            let parts: [OutputTemplate.Part] = [
                .choice(Choice(forms.map { Choice.Form($0) })), .fixed([6, 7]),
            ]
            var wide = options(beam: 8)
            wide.earlyStopping = .never
            wide.lengthPenalty = 0
            let found = try #require(model.run([try job(source, parts, wide)])[0].first)
            let all = forms.map { [Self.forced] + $0.map(Int.init) + [6, 7] }
            let scored = model.run(try all.map { try model.score(source, target: $0, wide) })
            let sums = scored.map { $0[0].tokenScores.reduce(0, +) }
            let best = try #require(sums.indices.max { sums[$0] < sums[$1] })
            #expect(found.tokens == all[best])
            #expect(abs(found.score - sums[best]) < 1e-3)
        }
    }

    @Test func `a penalty keeps a way from being chosen, and is no part of the score`() throws {
        let free: [OutputTemplate.Part] = [.choice(Choice([.init([6]), .init([7])]))]
        let first = try #require(model.run([try job(sources[0], free, options(beam: 4))])[0].first)
        let liked = Int32(first.tokens[1])
        let other: Int32 = liked == 6 ? 7 : 6
        let parts: [OutputTemplate.Part] = [
            .choice(Choice([.init([liked], penalty: 1000), .init([other])]))
        ]
        let second = try #require(model.run([try job(sources[0], parts, options(beam: 4))])[0].first)
        #expect(second.tokens == [Self.forced, Int(other)])
        let scored = model.run([try model.score(sources[0], target: second.tokens)])[0][0]
        #expect(abs(scored.tokenScores.reduce(0, +) - second.tokenScores.reduce(0, +)) < 1e-3)
        #expect(abs(second.score) < 100)
    }

    @Test func `what may not come before a form does not, not even as the beginning of another form`() throws {
        for source in sources {
            let free = try job(source, [.choice(Choice([.init([6, 6])], afterAny: .init([7])))], options(beam: 6))
            let first = Int32(try #require(model.run([free])[0].first).tokens[1])
            var choice = Choice([.init([first, 9], penalty: 1000)], afterAny: .init([7]))
            choice.exceptions = [first]
            let found = try #require(model.run([try job(source, [.choice(choice)], options(beam: 6))])[0].first)
            #expect(found.tokens.count == 3 && found.tokens[1] != first && found.tokens[2] == 7, "\(found.tokens)")
        }
    }

    @Test func `what is left open is filled with what passes a test`() throws {
        let even = TokenTest { $0 % 2 == 0 }
        let parts: [OutputTemplate.Part] = [
            .choice(Choice([.init([7, 9], penalty: 50)], afterAny: .init([7]))),
            .choice(Choice([.init([11])], afterAny: .init([13]))),
        ]
        for source in sources {
            for hypothesis in model.run([try job(source, parts, options(beam: 6), fillers: even)])[0] {
                let others = hypothesis.tokens.dropFirst().filter { ![7, 9, 11, 13].contains($0) }
                #expect(others.allSatisfy { $0 % 2 == 0 }, "\(hypothesis.tokens)")
            }
        }
    }
}
