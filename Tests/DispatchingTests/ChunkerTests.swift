import Dispatching
import JobModel
import JobStore
import TestKit
import Testing

@Suite("Chunks")
struct ChunkerTests {
    private func text(_ random: inout SeededRandom) -> String {
        (0..<random.integer(0...30)).map { _ in
            String(repeating: random.choice(["a", "é", "語", " ", "\r"]), count: random.integer(0...40))
                + random.choice(["\n", ""])
        }.joined()
    }

    @Test(
        "chunks cover every source once, in order, cut only after a line's end",
        arguments: 1...50 as ClosedRange<UInt64>)
    func covers(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var job = Rig.job(1)
        job.sources = (0..<random.integer(1...8)).map { _ in
            random.oneIn(4) ? .tokens(Array(repeating: "▁x", count: random.integer(0...40))) : .text(text(&random))
        }
        let limit = UInt32(random.integer(1...60))
        let chunks = Chunker(tokens: limit).chunks(of: job)
        let pieces = chunks.flatMap(\.pieces)
        #expect(pieces.map(\.source) == pieces.map(\.source).sorted(), "seed \(seed)")
        for (index, source) in job.sources.enumerated() {
            let mine = pieces.filter { $0.source == index }
            guard mine.count > 1, case .text(let text) = source else {
                #expect(mine.map(\.bytes) == [nil], "seed \(seed)")
                continue
            }
            let bytes = Array(text.utf8)
            #expect(mine.flatMap { $0.bytes.map(Array.init) ?? [] } == Array(0..<bytes.count), "seed \(seed)")
            for piece in mine.dropLast() { #expect(bytes[piece.bytes!.upperBound - 1] == UInt8(ascii: "\n")) }
        }
        for chunk in chunks where chunk.pieces.count > 1 { #expect(chunk.cost <= limit, "seed \(seed)") }
        for chunk in chunks where chunk.cost > limit {
            // Only what cannot be cut is larger.
            let part = job.sources[chunk.pieces[0].source].part(chunk.pieces[0].bytes)
            guard case .text(let text) = part else { continue }
            #expect(text.utf8.dropLast().contains(UInt8(ascii: "\n")) == false, "seed \(seed)")
        }
    }

    @Test("hard-wrapped paragraphs are cut only after blank lines, and a text that is one segment not at all")
    func paragraphs() {
        var job = Rig.job(1)
        let paragraph = "A line of text.\nAnd another one.\n \n"
        job.sources = [.text(String(repeating: paragraph, count: 50))]
        job.options.paragraphs = true
        let pieces = Chunker(tokens: 30).chunks(of: job).flatMap(\.pieces)
        #expect(pieces.count > 5)
        for piece in pieces { #expect(piece.bytes.map { $0.upperBound % paragraph.utf8.count } == 0) }
        job.options.paragraphs = nil
        job.options.split = .nowhere
        #expect(Chunker(tokens: 30).chunks(of: job).flatMap(\.pieces).map(\.bytes) == [nil])
        job.options.split = .newlines
        #expect(Chunker(tokens: 30).chunks(of: job).count > 5)
    }

    @Test("a document that its options or its start make one is not cut")
    func whole() {
        let text = String(repeating: "A line of text.\n", count: 100)
        func count(_ text: String, _ change: (inout SearchOptions) -> Void = { _ in }) -> Int {
            var job = Rig.job(1, text)
            change(&job.options)
            return Chunker(tokens: 50).chunks(of: job).count
        }
        #expect(count(text) > 5)
        #expect(count(text) { $0.prefix = .text("Une") } == 1)
        #expect(count(text) { $0.seed = 7 } == 1)
        #expect(count(">>fra<< " + text) == 1)
        #expect(count("\n  >>fra<< " + text) == 1)
    }

    @Test("a digest is of the glossary too, and without one it is what it was")
    func glossaryDigest() throws {
        var job = Job(id: JobID(high: 1, low: 2), [.text("Hello.")])
        // Written down before jobs had glossaries.
        #expect(
            Digest.of(job).map { String($0, radix: 16) }.joined(separator: " ")
                == "f4 3 de 3d 42 be 1e 1e c4 e8 4b 1d 95 78 cc a7")
        var digests: Set<[UInt8]> = [Digest.of(job)]
        for entries in [[("a", "b")], [("a", "c")], [("a", "b"), ("c", "d")], [("ab", "")], [("ab", "x")]] {
            job.glossary = try Glossary(entries.map { Glossary.Entry(source: $0.0, target: $0.1) })
            #expect(digests.insert(Digest.of(job)).inserted)
        }
    }

    @Test("a text that begins with its language stays whole, and none is cut before a line that names one")
    func languageNames() {
        let line = String(repeating: "word ", count: 8) + "\n"
        func cuts(_ text: String) -> [Int] {
            Chunker(tokens: 20).chunks(of: Job([.text(text)])).flatMap(\.pieces).compactMap { $0.bytes?.lowerBound }
        }
        for name in [">>fra<<", " >>por_BR<<", "<2fr>"] {
            #expect(cuts(name + String(repeating: line, count: 9)) == [])
        }
        // Quoted letters are no languages.
        #expect(cuts(String(repeating: ">> " + line, count: 9)).count > 3)
        let free = cuts(String(repeating: line, count: 9))
        let cut = free[3]
        var text = String(repeating: line, count: 9)
        text.insert(contentsOf: "\n \n<2de> ", at: text.utf8.index(text.startIndex, offsetBy: cut))
        let kept = cuts(text)
        #expect(kept.count > 3)
        for position in kept {
            let rest = text.utf8.dropFirst(position).drop { $0 <= UInt8(ascii: " ") }
            #expect(!rest.starts(with: "<2de>".utf8), "cut at \(position)")
        }
    }

    @Test("many short sources share a chunk")
    func grouped() {
        var job = Rig.job(1)
        job.sources = Array(repeating: .text("Hello."), count: 100)
        #expect(Chunker(tokens: 50).chunks(of: job).map(\.cost) == [50, 50, 50, 50])
    }

    @Test("pieces of a document are of about the same size")
    func balanced() {
        let costs = Chunker(tokens: 100).chunks(of: Rig.job(1, String(repeating: "1234567\n", count: 101))).map(\.cost)
        #expect(costs.max()! - costs.min()! <= 10, "\(costs)")
    }

    @Test("FNV-1a of 128 bits is what its authors say, and tells jobs apart")
    func digest() {
        var job = Rig.job(1, "a")
        let first = Digest.of(job)
        #expect(first.count == 16 && Digest.of(job) == first)
        var others: Set<[UInt8]> = [first]
        let changes: [(inout Job) -> Void] = [
            { $0.sources = [.text("b")] }, { $0.sources = [.tokens(["a"])] }, { $0.sources.append(.text("")) },
            { $0.model = .named("a") }, { $0.model = .languages(source: "a", target: "") }, { $0.topic = "a" },
            { $0.options.beamSize = 4 }, { $0.options.nBest = 4 }, { $0.options.temperature = 4 },
            { $0.options.prefix = .text("a") }, { $0.options.suppress = ["a"] },
            { $0.options.forceFirstToken = "a" }, { $0.options.earlyStopping = .full },
            { $0.options.returnScores = false }, { $0.options.returnScores = true },
            { $0.options.disallowUnknown = false }, { $0.options.disallowUnknown = true },
            { $0.options.secondPass = false }, { $0.options.secondPass = true },
            { $0.options.split = .nowhere }, { $0.options.split = .newlines }, { $0.options.paragraphs = true },
            { $0.options.wrap = 4 }, { $0.options.maximumSegmentLength = 4 }, { $0.options.translateNumbers = true },
            { $0.options.markup = .html }, { $0.options.markup = .xml }, { $0.options.ignoreTags = ["a"] },
            { $0.options.splittingTags = ["a"] }, { $0.options.nonSplittingTags = ["a"] },
        ]
        for change in changes {
            job = Rig.job(1, "a")
            change(&job)
            #expect(others.insert(Digest.of(job)).inserted)
        }
        #expect(Digest.of(Rig.job(2, "a", priority: 3)) == first)
        #expect(Digest.of(bytes: []) == JobID("6c62272e07bb014262b821756295c58d")!.bytes)
        #expect(Digest.of(bytes: Array("a".utf8)) == JobID("d228cb696f1a8caf78912b704e4a8964")!.bytes)
    }

    /// Made with FNV-1a in Python over the bytes that release 0.1.0 fed it. Stores keep digests.
    @Test(
        "a job has the digest that it had in older releases",
        arguments: [
            (nil, "c70226d1d8092dc97e73be461e29750d"), (false, "930a4487afcafe4bc990d09a6d31618b"),
            (true, "d87357b67300ca0af7be378ca28540a8"),
        ] as [(Bool?, String)])
    func digestOfOlderReleases(returnScores: Bool?, expected: String) {
        var job = Rig.job(1, "a")
        if let returnScores { job.options = Self.allOptions(returnScores: returnScores) }
        #expect(JobID(bytes: Digest.of(job))?.description.replacing("-", with: "") == expected)
    }

    private static func allOptions(returnScores: Bool) -> SearchOptions {
        var options = SearchOptions()
        options.beamSize = 6
        options.nBest = 3
        options.lengthPenalty = 0.6
        options.maximumLength = 300
        options.minimumLength = 2
        options.maximumLengthRatio = 2.5
        options.minimumLengthRatio = 0.25
        options.earlyStopping = .never
        options.patience = 1.5
        options.repetitionPenalty = 1.25
        options.noRepeatNgramSize = 4
        options.suppress = ["▁a b", "c"]
        options.forceFirstToken = ">>fr<<"
        options.prefix = .text("Où est")
        options.renormalizeScores = false
        options.samplingTopK = 50
        options.samplingTopP = 0.9
        options.temperature = 1.2
        options.seed = 7
        options.alignments = true
        options.returnScores = returnScores
        return options
    }
}
